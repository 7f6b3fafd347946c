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

# Every version of the file is imported by a process of its own; they are forked from one that has loaded torch already, which takes the time.
PROGRAM = """
import json, os, sys
from pathlib import Path
import torch
from sanity_checks.rescue import rescued

def look():
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
    return found

assert "minbert.attention" not in sys.modules
sys.dont_write_bytecode = True  # versions of one second and one size would be taken for each other
path, found = Path("minbert/attention.py"), {}
for words, text in json.loads(sys.stdin.read()).items():
    path.write_text(text, encoding="utf-8")
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, json.dumps(look()).encode())
        os._exit(0)
    os.close(writing)
    found[words] = json.loads(os.fdopen(reading, "rb").read() or "null")
    os.wait()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rescue") / "mine"
    write_edition(folder)
    fill(folder, BODIES["add_norm"])
    return folder


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


@pytest.fixture(scope="module")
def imported(edition: Path) -> dict[str, dict]:
    """Words -> what was found with that version of minbert/attention.py."""
    before = (edition / "minbert/attention.py").read_text(encoding="utf-8")
    versions = {words: change(before) for words, (change, _) in CHANGES.items()} | {"whole": before + "\nBEFORE = 1\n"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=edition, input=json.dumps(versions), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("words", CHANGES)
def test_a_broken_file_is_told_and_replaced_and_the_others_are_the_students(edition, imported, words):
    sentence, found = CHANGES[words][1], imported[words]
    assert list(found["broken"]) == ["minbert.attention"] and sentence in found["broken"]["minbert.attention"]
    assert found["attention"] == "not started: formula_attention in minbert/attention.py" and not found["rest"]
    assert found["add_norm"] == 3 and found["layer"] == str(edition / "minbert/layer.py")


def test_nothing_is_replaced_while_everything_can_be_imported(imported):
    found = imported["whole"]
    assert found["broken"] == {} and found["rest"] and found["add_norm"] == 3


def test_in_the_library_the_hook_does_nothing():
    before = list(sys.meta_path)
    with rescued() as broken:
        assert sys.meta_path == before
    assert broken == {}
