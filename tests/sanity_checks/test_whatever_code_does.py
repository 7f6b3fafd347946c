"""Code under work may do anything: each thing is told as what it is, with file and line, and the rest goes on."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from lab import make_lab, told

LIMIT = "4"  # seconds: a check needs a twentieth of one
BROKEN = [
    ("feed_forward", r"raised\. Your code did not come back within 4 seconds and was stopped \(minbert/feed_forward\.py, line \d+\)\. Look at: Is there a loop"),
    ("feed_forward", r"Your code printed \d{4,} lines: hello hello"),
    ("attention", r"raised\. Your code crashed Python itself: Segmentation fault \(minbert/attention\.py, line \d+\)\."),
    ("attention", r"Your code printed 1 line: about to die$"),
    ("add_norm", r"raised\. Your code crashed Python itself: Aborted \(minbert/layer\.py, line \d+\)\."),
    ("embeddings", r"raised\. Your code calls os\._exit\(\), which ends the program \(minbert/embeddings\.py, line \d+\)\."),
    ("model", r"(raised\. Your code ends the program, as exit\(\) does \(minbert/bert\.py, line \d+\)|not checked)\."),
    ("schedules", r"raised\. Your code calls breakpoint\(\) or pdb\.set_trace\(\), which waits for somebody at the keyboard \(optim/schedules\.py, line \d+\)\."),
    ("pooling", r"raised\. Your code calls breakpoint\(\) or pdb\.set_trace\(\).* \(tasks/pooling\.py, line \d+\)\."),
    ("pairs", r"raised\. Your code raised NameError: name 'nothing' is not defined \(tasks/pairs\.py, line \d+\)\. Look at: This name is defined nowhere"),
    ("heads", r"raised\. Your code calls input\(\), which waits for somebody at the keyboard \(tasks/heads\.py, line \d+\)\."),
    ("heads", r"Your code printed \d+ lines: a b \\x1b\[31m a"),
    ("losses", r"raised\. Python cannot read tasks/losses\.py, line 1: SyntaxError, invalid syntax\."),
    ("metrics", r"correct\."),
    ("adamw", r"correct\."),
]
WAITING = ["weights", "pretrained"]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is told of many components at once, each broken in another way."""
    lab = make_lab(tmp_path_factory.mktemp("broken"))
    lab.body("minbert.feed_forward", "FeedForward.forward", "while True:\n    print('hello')")
    lab.body("minbert.attention", "MultiHeadAttention.split_heads", "import ctypes\nprint('about to die')\nctypes.string_at(0)")
    lab.body("minbert.layer", "add_norm", "import os\nos.abort()")
    lab.body("minbert.embeddings", "Embeddings.forward", "import os\nos._exit(0)")
    lab.body("minbert.bert", "Pooler.forward", "exit()")
    lab.body("optim.schedules", "linear", "breakpoint()")
    lab.body("tasks.pooling", "masked_max", "import pdb; pdb.set_trace()")
    lab.body("tasks.pairs", "combine", "return nothing")
    lab.body("tasks.heads", "LinearHead.forward", "print('a')\nprint('b \\x1b[31m')\nreturn input('go on? ')")
    lab.file("tasks.losses").write_text("def cross_entropy(:\n", encoding="utf-8")
    return told(lab.run(*sorted({component for component, _ in BROKEN}), *WAITING, "--time-limit", LIMIT, "--show-prints").stdout)


@pytest.fixture(scope="module")
def unloadable(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is told when files cannot be loaded, and of code that eats memory."""
    lab = make_lab(tmp_path_factory.mktemp("unloadable"))
    attention = lab.file("minbert.attention")
    attention.write_text(attention.read_text(encoding="utf-8").replace("    return bias[:,", "<<<<<<< HEAD\n    return bias[:,"), encoding="utf-8")
    lab.file("tasks.metrics").write_text("print('loading')\nwhile True:\n    pass\n", encoding="utf-8")
    lab.file("tasks.losses").write_text("from turtles_all_the_way import st\n", encoding="utf-8")
    lab.body("minbert.feed_forward", "gelu", "held = []\nwhile True:\n    held.append(torch.empty(10**8))")
    return told(lab.run("--time-limit", LIMIT).stdout)


@pytest.mark.parametrize(("component", "words"), BROKEN)
def test_one_broken_component_is_told_and_the_rest_goes_on(broken: dict[str, str], component: str, words: str) -> None:
    assert re.search(words, broken[component]), broken[component]


@pytest.mark.parametrize("component", WAITING)
def test_what_is_composed_waits_with_words_for_its_parts(broken: dict[str, str], component: str) -> None:
    assert "not checked. It is composed of other components and waits for feed_forward, attention, add_norm" in broken[component]


@pytest.mark.slow
@pytest.mark.parametrize(("component", "words"), [
    ("attention", r"raised\. Python cannot read minbert/attention\.py, line \d+: SyntaxError, invalid syntax\. Look at: A merge left its markers"),
    ("layer", r"not checked\. It needs minbert/attention\.py, which cannot be loaded\."),
    ("metrics", r"raised\. Your code did not come back within 4 seconds and was stopped \(tasks/metrics\.py, line [23]\)\."),
    ("losses", r"raised\. tasks/losses\.py cannot be loaded\. Your code raised ModuleNotFoundError: .*turtles_all_the_way.* \(tasks/losses\.py, line 1\)\. Look at: An import"),
    ("feed_forward", r"raised\. Your code asked for more memory than the check allows \(minbert/feed_forward\.py, line \d+\)\."),
    ("embeddings", r"correct\."),
    ("schedules", r"correct\."),
    ("dropout", r"correct\."),
])
def test_a_file_that_cannot_be_loaded_holds_up_what_needs_it_and_nothing_else(unloadable: dict[str, str], component: str, words: str) -> None:
    assert re.search(words, unloadable[component]), unloadable[component]


def test_a_child_that_cannot_start_is_told_once_for_each_component_and_ends(tmp_path: Path) -> None:
    lab = make_lab(tmp_path)
    lab.file("sanity_checks.checking").write_text("raise OSError('the moon is full')\n", encoding="utf-8")
    done = lab.run("heads")
    assert done.returncode == 1 and "The checks could not start: OSError: the moon is full" in done.stdout, done.stdout


def test_the_lab_itself_is_right(tmp_path: Path) -> None:
    """Nothing above may be wrong for a reason of the copy's own; and the whole takes no network and writes its memory only."""
    lab = make_lab(tmp_path)
    done = lab.run(COLUMNS="40", LANG="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    assert done.stdout.isascii() and "\033" not in done.stdout and max(map(len, done.stdout.splitlines())) <= 40
    assert "not checked" in told(done.stdout)["pretrained"]
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [path.name for path in (tmp_path / "cache").glob("sanity-*.json")] and not (tmp_path / "hub").exists()


