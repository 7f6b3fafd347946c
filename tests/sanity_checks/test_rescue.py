"""A student's file that cannot be imported is told with its line, its skeleton takes its place, and everything else is the student's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from edition_small import BODIES, fill

from sanity_checks.edition_writing import write_edition
from sanity_checks.rescue import rescued

PROGRAM = """
import json, sys
from sanity_checks.rescue import rescued
with rescued() as broken:
    import minbert.bert, optim, tasks.pooling
    from minbert import attention, layer
found = {"broken": broken, "layer": layer.__file__, "rest": hasattr(attention, "BEFORE")}
try:
    attention.formula_attention(None, None, None, None)
except NotImplementedError as error:
    found["attention"] = str(error)
try:
    found["add_norm"] = layer.add_norm(1, 2, lambda x: x, lambda x: x)
except NotImplementedError as error:
    found["add_norm"] = str(error)
print(json.dumps(found), file=sys.__stdout__)
"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rescue") / "mine"
    write_edition(folder)
    fill(folder, BODIES["add_norm"])
    return folder


def imported(edition: Path) -> dict:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=edition, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def with_attention(edition: Path, change: object) -> dict:
    path = edition / "minbert/attention.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(change(before), encoding="utf-8")  # type: ignore[operator]
    try:
        return imported(edition)
    finally:
        path.write_text(before, encoding="utf-8")


CHANGES = {
    "a syntax error": (lambda text: "BEFORE = 1\nif True\n" + text, "minbert/attention.py, line 2: SyntaxError: expected ':'"),
    "bad indentation": (lambda text: "BEFORE = 1\n  x = 1\n" + text, "minbert/attention.py, line 2: IndentationError: unexpected indent"),
    "a missing package": (lambda text: text.replace("import math", "import mathematics_"), "minbert/attention.py, line 10: ModuleNotFoundError: No module named 'mathematics_'"),
    "an exception": (lambda text: text + "\nBEFORE = 1\nBEFORE / 0\n", "ZeroDivisionError: division by zero"),
    "exit()": (lambda text: text + "\nraise SystemExit(3)\n", "SystemExit: 3"),
    "bytes that are no text": (lambda text: text + "\x00", "source code string cannot contain null bytes"),
    "a renamed function": (lambda text: text.replace("def attention_bias", "def bias_of_attention"), "minbert/attention.py no longer defines attention_bias, which other files need"),
    "an emptied file": (lambda text: "", "no longer defines Attended, KERNELS, MultiHeadAttention, attention_bias, formula_attention, fused_attention"),
}


@pytest.mark.parametrize("words", CHANGES)
def test_a_broken_file_is_told_and_replaced_and_the_others_are_the_students(edition, words):
    change, sentence = CHANGES[words]
    found = with_attention(edition, change)
    assert list(found["broken"]) == ["minbert.attention"] and sentence in found["broken"]["minbert.attention"]
    assert found["attention"] == "not started: formula_attention in minbert/attention.py" and not found["rest"]
    assert found["add_norm"] == 3 and found["layer"] == str(edition / "minbert/layer.py")


def test_nothing_is_replaced_while_everything_can_be_imported(edition):
    found = with_attention(edition, lambda text: text + "\nBEFORE = 1\n")
    assert found["broken"] == {} and found["rest"] and found["add_norm"] == 3


def test_in_the_library_the_hook_does_nothing():
    before = list(sys.meta_path)
    with rescued() as broken:
        assert sys.meta_path == before
    assert broken == {}
