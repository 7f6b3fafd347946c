"""The command line as a whole: help before torch, the nearest command, one sentence and status 2, quiet ends."""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import minbert
from minbert.__main__ import COMMANDS, help_text, main
from minbert.errors import UserError

ROOT = Path(__file__).parents[2]


def minbert_process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m minbert` with these words in a process of its own."""
    return subprocess.run([sys.executable, "-m", "minbert", *words], cwd=ROOT, capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[list[str]], int]], None]:
    """Put a function in the place of `minbert weights`."""
    def put(function: Callable[[list[str]], int]) -> None:
        module = type(sys)("a_command")
        module.main = function
        monkeypatch.setitem(sys.modules, "a_command", module)
        monkeypatch.setitem(COMMANDS, "weights", ("a_command", "help"))

    return put


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], []])
def test_help_names_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert printed.rstrip("\n") == help_text() and printed.isascii()
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", printed, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_main_that_takes_its_arguments(name: str) -> None:
    assert callable(importlib.import_module(COMMANDS[name][0]).main)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        raise SystemExit(main([name, "--help"]))
    printed = capsys.readouterr().out
    assert left.value.code == 0 and "usage:" in printed and printed.isascii()


def test_help_and_version_load_no_torch() -> None:
    program = ("import sys, minbert.__main__ as line; line.main(['--help']); line.main(['--version']);"
               "assert not {'torch', 'numpy', 'argparse'} & set(sys.modules), 'too much is loaded'")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_version_is_the_one_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == main(["-V"]) == 0
    assert capsys.readouterr().out == f"minbert {minbert.__version__}\n" * 2


@pytest.mark.parametrize(("word", "sentence"), [
    ("trian", "minbert: there is no command 'trian'; did you mean train?"),
    ("evalute", "minbert: there is no command 'evalute'; did you mean evaluate?"),
    ("--verison", "minbert: there is no option '--verison'; did you mean --version?"),
    ("xyz", "minbert: there is no command 'xyz'; there are " + ", ".join(COMMANDS) + "."),
    ("z\u00fcz", "minbert: there is no command 'z\\xfcz'; there are " + ", ".join(COMMANDS) + "."),
])
def test_an_unknown_command_is_told_with_the_nearest(word: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word]) == 2
    assert capsys.readouterr() == ("", sentence + "\n")


def test_a_users_mistake_is_one_sentence_on_standard_error_and_status_2() -> None:
    done = minbert_process("train", "bseline", MINBERT_DEBUG="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and done.stderr.startswith('minbert: there is no recipe "bseline"')


def test_debug_adds_the_traceback_and_changes_nothing_else() -> None:
    done = minbert_process("train", "bseline", MINBERT_DEBUG="1")
    assert done.returncode == 2 and "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith('minbert: there is no recipe "bseline"')


def test_a_mistake_of_ours_keeps_its_traceback(command: Callable) -> None:
    def broken(argv: list[str]) -> int:
        raise ValueError("not meant for a user")

    command(broken)
    with pytest.raises(ValueError, match="not meant for a user"):
        main(["weights"])


@pytest.mark.parametrize(("ending", "status"), [(KeyboardInterrupt, 130), (UserError("a sentence."), 2)])
def test_the_exit_status_tells_how_it_ended(ending: BaseException, status: int, command: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    def ends(argv: list[str]) -> int:
        raise ending

    command(ends)
    assert main(["weights"]) == status
    assert "Traceback" not in capsys.readouterr().err


def test_a_command_receives_the_words_after_its_name_and_its_status_is_returned(command: Callable) -> None:
    command(lambda argv: len(argv) if argv == ["a", "--b"] else 99)
    assert main(["weights", "a", "--b"]) == 2


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="no SIGPIPE here")
def test_help_into_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-m", "minbert", "--help"], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
