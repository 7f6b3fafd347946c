"""Every crash that real submissions met is told what it means; each is provoked here with real code, so that the words of this torch are the ones that match."""

from __future__ import annotations

import math
import pdb  # noqa: T100
import sys
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sanity_checks.crashes import crash_sentence, meaning
from sanity_checks.look import Look

X = torch.zeros(2, 3, 5, 7)  # sentences, heads, tokens, channels of a head
LEAF = torch.ones(3, requires_grad=True)


class Helper:
    """With the slips of real submissions."""

    def without_self(x: torch.Tensor) -> torch.Tensor:  # (the mistake itself)
        return x

    def forward(self, ids: torch.Tensor, task_name: str) -> torch.Tensor:
        return ids

    def recurse(self) -> None:
        self.recurse()


def unbound(correct_bias: bool) -> float:
    """A name that is set in the if only."""
    if correct_bias:
        step_size = 0.1
    return step_size


def in_place() -> None:
    """The residual written over what the backward pass needs."""
    y = LEAF * 2
    z = y.exp()
    z += y
    (z * z).sum().backward()
    w = (LEAF * 1).exp()
    w += 1
    w.sum().backward()


def raise_for_return() -> None:
    """raise x where return x was meant."""
    raise X  # type: ignore[misc]


def run(source: str) -> Callable[[], object]:
    """Code that cannot stand in this file."""
    return lambda: exec(compile(source, "minbert/attention.py", "exec"), {})  # noqa: S102


# id of the catalogue of mistakes -> code, words that must be in its meaning
CRASHES: dict[str, tuple[Callable[[], object], str]] = {
    "A25 axis": (lambda: nn.Softmax(axis=-1)(X), "dim"),
    "A25 axis of a function": (lambda: F.softmax(X, axis=-1), "dim"),
    "A26 torch.sqrt of a number": (lambda: torch.sqrt(64), "math.sqrt"),
    "A27 view": (lambda: X.transpose(1, 2).view(2, 5, 21), "contiguous"),
    "A28 bmm": (lambda: torch.bmm(X, X), "bmm"),
    "A28 transpose": (lambda: X @ X, "four"),
    "A28 sizes": (lambda: X + X.transpose(1, 2), "four"),
    "A28 shape into arguments": (lambda: (lambda batch, tokens: 0)(*X.shape), "One argument too many"),
    "A28 shape into two names": (lambda: exec("batch, tokens = shape", {"shape": X.shape}), "unpacked"),
    "A28 shape into five names": (lambda: exec("a, b, c, d, e = shape", {"shape": X.shape}), "unpacked"),
    "A28 size without brackets": (lambda: X.size[0], "brackets"),
    "A28 shape with brackets": (lambda: X.shape(0), ".shape"),
    "A28 view of another number": (lambda: X.view(8, -1, 4), "size(0)"),
    "A29 without self": (lambda: Helper().without_self(X), "self"),
    "A29 no return": (lambda: None + X, "return"),
    "A29 no return, then used": (lambda: None.size(0), "return"),
    "A29 raise for return": (raise_for_return, "return"),
    "A29 breakpoint": (lambda: (_ for _ in ()).throw(pdb.bdb.BdbQuit()), "debugger"),
    "A31 no gradient": (lambda: LEAF.detach().sum().backward(), "detach"),
    "N9 wrong width into the norm": (lambda: nn.LayerNorm(5)(X), "width"),
    "N12 in-place residual": (in_place, "x + y"),
    "L11 missing mask": (lambda: Helper().forward(X), "default"),
    "L12 tuple": (lambda: F.linear((X, None), X), "tuple"),
    "L12 tuple used": (lambda: (X, None).size(0), "tuple"),
    "E1 table indexed": (lambda: nn.Embedding(3, 5)[torch.tensor([1])], "called"),
    "E1 index_select": (lambda: torch.index_select(nn.Embedding(3, 5), 0, torch.tensor([1])), "called"),
    "E2, E10 beyond the table": (lambda: nn.Embedding(3, 5)(torch.tensor([3])), "table"),
    "E8 cuda": (lambda: X.to("cuda:93"), "device"),
    "E8 dtype": (lambda: X.double() @ X.transpose(-1, -2), "dtype"),
    "M5 key": (lambda: {"last_hidden_state": X}["pooled"], "key"),
    "M6 extra argument": (lambda: Helper().forward(X), "default"),
    "M6 argument twice": (lambda: Helper().forward(X, "sst", ids=X), "twice"),
    "M11 editor's import": (run("from turtles_all_the_way import st"), "import"),
    "M11 broken import": (run("from typing import Dictt"), "import"),
    "M12 syntax": (run("def f(:"), "bracket"),
    "M12 indentation": (run("def f():\nreturn 1"), "spaces"),
    "O2 unbound": (lambda: unbound(False), "both cases"),
    "O26 closure without gradient": (torch.no_grad()(lambda: (LEAF * 2).sum().backward()), "no_grad"),
    "O27 leaf in place": (lambda: LEAF.add_(1), "no_grad"),
    "O34 math.sqrt of a tensor": (lambda: math.sqrt(X), "one number"),
    "O34 numpy of a parameter": (lambda: np.sqrt(LEAF), "numpy"),
    "O35 state not there": (lambda: {}["step"], "first step"),
    "O35 name": (lambda: exec("exp_avgs"), "misspelled"),
    "H3 dim on the log": (lambda: torch.log(torch.softmax(X, -1), dim=-1), "softmax"),
    "H3 dim by place": (lambda: torch.log(X, 1), "softmax"),
    "H7 global": (lambda: exec("config.hidden_size"), "argument"),
    "H8 no such field": (lambda: SimpleNamespace(hidden_dropout_prob=0.1).dropout, "config"),
    "H12 long labels": (lambda: F.binary_cross_entropy(torch.zeros(3), torch.zeros(3, dtype=torch.long)), "float"),
    "H13 (B, 1) and (B,)": (lambda: F.binary_cross_entropy_with_logits(torch.zeros(3), torch.zeros(3, 1)), "shapes"),
    "H12 labels in place": (lambda: torch.zeros(3, dtype=torch.long).add_(0.5), "float"),
    "H14 0-d": (lambda: list(torch.zeros(1).squeeze()), "squeeze(-1)"),
    "H14 dim of 0-d": (lambda: torch.tensor(1.0).squeeze().softmax(1), "dimensions"),
    "H18 double and float": (lambda: F.linear(X, torch.zeros(2, 7).double()), "number types"),
    "H18 long mean": (lambda: torch.zeros(3, dtype=torch.long).mean(), "Whole numbers"),
    "H38 last batch": (lambda: torch.zeros(5).view(-1, 8), "last batch"),
    "C5 loss made, not called": (lambda: nn.CrossEntropyLoss(torch.zeros(3, 3), torch.zeros(3)).backward(), "first"),
    "C6 arange of the settings": (lambda: torch.zeros(5)[torch.arange(8)], "last batch"),
    "P13 graph freed": (lambda: [(y.backward(), y.backward()) for y in [LEAF.exp().sum()]], "twice"),
    "recursion": (lambda: Helper().recurse(), "itself"),
    "missing comma": (run("x = 3\nx (4)"), "operator"),
    "memory": (lambda: torch.empty(2**55), "memory"),
    "exit": (lambda: sys.exit(3), "return"),
}


@pytest.mark.parametrize("name", CRASHES)
@pytest.mark.filterwarnings("ignore")
def test_a_crash_of_real_submissions_is_told_what_it_means(name: str) -> None:
    code, words = CRASHES[name]
    look = Look()
    seen = look("it", code)
    assert isinstance(seen, str) and seen.startswith("raised "), f"{name} does not crash: {seen}"
    assert words in (told := meaning(seen)), f"{seen} -> {told}"
    assert told.isascii()


def test_a_crash_nobody_met_yet_is_told_nothing_false() -> None:
    assert meaning("raised OSError: the moon is full") == ""


@pytest.mark.parametrize(("error", "told"), [
    ("raised TypeError: no", "Your code raised TypeError: no (minbert/attention.py, line 3)."),
    ("raised Trapped: calls input()", "Your code calls input() (minbert/attention.py, line 3)."),
    ("raised SystemExit: 3", "Your code ends the program, as exit() does (minbert/attention.py, line 3)."),
    ("raised MemoryError: no message", "Your code asked for more memory than the check allows (minbert/attention.py, line 3)."),
])
def test_a_crash_is_one_sentence_with_its_place(error: str, told: str) -> None:
    assert crash_sentence(error, "minbert/attention.py, line 3") == told
