"""Files are imported as they lie, each for itself, whatever they do while they are imported and whatever is missing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest
import torch
from starter_checkouts import Checkout, written

from sanity_checks.starter.loading import Checkout as Loaded
from sanity_checks.starter.loading import loaded


def read(folder: Path) -> Loaded:
    """What loading says of `folder`."""
    with loaded(folder) as checkout:
        return checkout


def bert(folder: Path, source: str) -> Path:
    """A folder with just this bert.py."""
    (folder / "bert.py").write_text(source, encoding="utf-8")
    return folder


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    folder = written(Checkout(("base",)), tmp_path)
    for file in folder.glob("*.py"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert set(read(folder).modules) == {"bert", "optimizer", "classifier", "multitask_classifier"}


@pytest.mark.parametrize(("source", "said"), [
    ("x = 1\ndef f(:\n    pass\n", "bert.py, line 2 cannot be read, the syntax is broken"),
    ("def f():\n    x = 1\n  y = 2\n", "bert.py, line 3 cannot be read, the indentation is broken"),
    ("<<<<<<< HEAD\nx = 1\n", "bert.py, line 1 is a marker that git left from a merge"),
    ("import math\nfrom turtle import st\n", r"bert.py, line 2 cannot import what it asks for, from turtle import st \(a part of Python"),
    ("from math import softmax\n", "bert.py, line 1 cannot import what it asks for, from math import softmax"),
    ("import Dict\n", "bert.py, line 1 cannot import what it asks for, import Dict"),
    ("x = 1\ny = undefined\n", "bert.py, line 2 stops with NameError while it is imported"),
    ("import sys\nsys.exit(3)\n", "bert.py, line 2 stops with SystemExit while it is imported"),
])  # fmt: skip
def test_a_file_that_cannot_be_imported_is_told_with_its_line(source: str, said: str, tmp_path: Path):
    problem = read(bert(tmp_path, source)).problems["bert"]
    assert pytest.raises(ValueError, _raise, problem).match(said)


def _raise(words: str) -> None:
    raise ValueError(words)


def test_packages_that_nobody_has_can_be_used_while_importing(tmp_path: Path):
    source = ("import no_such_package.inner as inner\nfrom no_such_package import Base, decorate, version\nfrom transformers import BertModel as Theirs\n"
              "class Mine(Base): pass\nclass Yours(Theirs, object): pass\n@decorate\ndef f(): return 7\n@decorate(1)\ndef g(): return 8\n"
              "assert not version('x') > 3 and [row for row in inner.rows()] == []\nwith inner.open() as file: pass\nassert f() == 7\n")  # fmt: skip
    checkout = read(bert(tmp_path, source))
    assert checkout.problems == {}
    assert any("no_such_package" in note for note in checkout.notes)


def test_packages_are_replaced_for_the_checkout_alone(tmp_path: Path):
    with loaded(bert(tmp_path, "import no_such_package\n")), pytest.raises(ModuleNotFoundError):
        import no_such_package  # noqa: F401


def test_scripts_that_read_the_command_line_or_ask_for_a_gpu_can_be_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["pytest", "--strange"])
    source = ("import argparse, torch\nparser = argparse.ArgumentParser()\nparser.add_argument('--lr', type=float, default=1e-5)\n"
              "parser.add_argument('--file', required=True)\nargs = parser.parse_args()\nassert args.lr == 1e-5\nx = torch.ones(2).cuda()\n"
              "torch.set_default_dtype(torch.float64)\ntorch.manual_seed(1)\n")  # fmt: skip
    before = torch.get_rng_state()
    assert read(bert(tmp_path, source)).problems == {}
    assert torch.get_default_dtype() == torch.float32
    assert torch.equal(before, torch.get_rng_state())
    with pytest.raises(SystemExit):
        argparse.ArgumentParser(prog="x").error("the parser is itself again")


def test_a_folder_with_the_name_of_a_package_does_not_shadow_it_for_others(tmp_path: Path):
    (tmp_path / "datasets.py").write_text("MARK = 1\n", encoding="utf-8")
    with loaded(bert(tmp_path, "from datasets import MARK\n")) as checkout:
        assert checkout.problems == {}
    assert not hasattr(sys.modules.get("datasets"), "MARK")


def test_a_file_that_ended_the_process_is_not_tried_again(tmp_path: Path):
    with loaded(bert(tmp_path, "raise RuntimeError\n"), dead={"bert": "Your code did not come back."}) as checkout:
        assert checkout.problems == {"bert": "Your code did not come back."}
