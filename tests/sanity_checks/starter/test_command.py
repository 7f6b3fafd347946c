"""`python -m minbert.sanity --starter DIR`, run as a student runs it: code that hangs, waits or ends the process is told as that, and the rest goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from starter_checkouts import HEADS, TRAPS, Checkout, written

from minbert.errors import UserError
from sanity_checks.command import main

ROOT = Path(__file__).parent.parent.parent.parent


def sanity(folder: Path, cache: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """One run of the command."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "MINBERT_CACHE": str(cache), "NO_COLOR": "1", "COLUMNS": "110"}
    words = [sys.executable, "-m", "minbert.sanity", "--starter", str(folder), *options]
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", TRAPS)
def test_code_that_does_not_come_back_is_told_and_the_rest_goes_on(name: str, tmp_path: Path):
    folder = written(TRAPS[name], tmp_path / "mine")
    done = sanity(folder, tmp_path, "files", "attention", "add_norm", "adamw", "--json", "--time-limit", "2")
    found = {each["component"]: each for each in json.loads(done.stdout)["components"]}
    absent = {component: ("not checked", ()) for component in TRAPS[name].absent}
    outcomes = {component: each["outcome"] for component, each in found.items()}
    assert outcomes == {component: {**absent, **TRAPS[name].expected}.get(component, ("correct",))[0] for component in ("files", "attention", "add_norm", "adamw")}
    assert done.returncode == 1
    assert all("did not come back within 2 seconds" in each["says"] or "calls breakpoint()" in each["says"] for each in found.values() if each["outcome"] == "raised")


def test_a_student_reads_the_mistake_and_how_to_ask_for_a_hint(tmp_path: Path):
    folder = written(Checkout(edits=(("bert.py", "    probs = self.dropout(probs)\n", ""),)), tmp_path / "mine")
    first = sanity(folder, tmp_path, "attention", "layer")
    assert "attention:     wrong (train-mode error). Attention never applies its dropout." in first.stdout
    assert "layer:         correct." in first.stdout
    assert f"python -m minbert.sanity --starter {folder} attention --hint" in " ".join(first.stdout.split())
    assert "Hint 1 of 3, where:" in sanity(folder, tmp_path, "attention", "--hint").stdout


def test_a_checkout_without_multitask_heads_is_right_all_the_same(tmp_path: Path):
    folder = written(Checkout(("base", "cmu"), (("multitask_classifier.py", "", None),)), tmp_path / "mine")
    done = sanity(folder, tmp_path, "classifier", *HEADS)
    assert done.returncode == 0
    assert "there is no multitask_classifier.py" in done.stdout.replace("\n  ", " ").lower()


def test_wrong_names_and_folders_are_refused_before_anything_runs(tmp_path: Path):
    folder = written(Checkout(), tmp_path / "mine")
    for options, said in {("--starter", str(tmp_path / "nowhere")): "there is no folder", ("--starter", str(folder), "atention"): "for example 'attention'",
                          ("--starter", str(folder), "--watch"): "--watch does not know the files of a starter checkout"}.items():  # fmt: skip
        with pytest.raises(UserError, match=said):
            main(options)
