"""`--watch`, Ctrl-C, hints and files for programs, with real runs in a copy of the library."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from lab import Lab, make_lab

from sanity_checks.bodies import BODIES
from sanity_checks.order import components
from sanity_checks.watch import changed, concerned

PATIENCE = 120.0


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A copy whose add_norm forgets its dropout."""
    made = make_lab(tmp_path)
    made.mistake("add_norm", "dropout-missing")
    return made


def started(lab: Lab, output: Path, *argv: str) -> subprocess.Popen[bytes]:
    """A run in the background, printing into a file."""
    with output.open("wb") as file:
        return subprocess.Popen(lab.words(*argv), cwd=lab.root, env=lab.environment(), stdout=file, stderr=subprocess.STDOUT, preexec_fn=interruptible)


def interruptible() -> None:
    """Hear Ctrl-C, even where the tests themselves run in the background of a script, which tells its children to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(words: str, output: Path) -> str:
    """What was printed, once it holds `words`."""
    end = time.monotonic() + PATIENCE
    while words not in (text := output.read_text(encoding="utf-8")):
        assert time.monotonic() < end, f"no {words!r} in {text}"
        time.sleep(0.05)
    return text


def test_a_save_is_checked_again_and_ctrl_c_ends_quietly(lab: Lab) -> None:
    output = lab.root / "output"
    with started(lab, output, "--watch", "add_norm", "heads") as run:
        assert "add_norm:      wrong (train-mode error)." in wait_for("Watching", output)
        lab.restore("minbert.layer")
        text = wait_for("correct (it was wrong)", output)
        time.sleep(1.0)
        run.send_signal(signal.SIGINT)
        assert run.wait(PATIENCE) == 0
    after = text.partition("saved: ")[2]
    assert after.startswith("minbert/layer.py\nadd_norm:") and "heads" not in after and "Traceback" not in output.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_ctrl_c_ends_a_run_and_leaves_no_process_behind(lab: Lab) -> None:
    number, output = lab.root / "number", lab.root / "output"
    lab.body("minbert.layer", "add_norm", f"import os\nopen({str(number)!r}, 'w').write(str(os.getpid()))\nwhile True:\n    pass")
    with started(lab, output, "add_norm", "--time-limit", "0") as run:
        end = time.monotonic() + PATIENCE
        while not (number.exists() and number.read_text()):
            assert time.monotonic() < end
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        assert run.wait(PATIENCE) == 130
    assert output.read_text(encoding="utf-8").strip() == "Stopped."
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


def test_hints_json_and_gradescope_agree_about_a_real_mistake(lab: Lab) -> None:
    assert "Hint 1 of 3, where: " in lab.run("add_norm", "--hint").stdout
    done = lab.run("add_norm", "--json", "--gradescope", str(lab.root / "results.json"))
    assert done.returncode == 1, done.stderr
    content, grades = json.loads(done.stdout), json.loads((lab.root / "results.json").read_text(encoding="utf-8"))
    (found,) = content["components"]
    assert (found["outcome"], found["certainty"], found["mistakes"], len(found["hints"])) == ("wrong", "named", ["dropout-missing"], 1)
    assert content["versions"].keys() == {"minbert", "python", "torch"} and found["seconds"] < content["seconds"]
    assert grades["tests"][0]["status"] == "failed" and grades["extra_data"]["minbert"]["components"] == content["components"]


def test_a_file_concerns_the_components_that_live_in_it_and_any_other_file_concerns_all() -> None:
    assert concerned(["minbert/layer.py"], components()) == ["add_norm", "layer"]
    assert concerned(["minbert/layer.py"], ["layer", "heads"]) == ["layer"]
    assert concerned(["minbert/config.py"], ["layer", "heads"]) == ["layer", "heads"]
    assert all(name in concerned([f"{bodies[0].module.replace('.', '/')}.py"], list(BODIES)) for name, bodies in BODIES.items())


def test_new_gone_and_saved_files_are_changes() -> None:
    assert changed({"a": (1, 1), "b": (1, 1), "c": (1, 1)}, {"a": (1, 1), "b": (2, 1), "d": (1, 1)}) == ["b", "c", "d"]
