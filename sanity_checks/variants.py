"""Variants: how right code is written, in words, where it is written otherwise than in this library: with einsum, by hand, in a loop.

While a probe runs, the functions that run are noted; of those that are the code under work, the names, numbers and loops are then read.
Nothing is judged by it. Noting costs about 4 ms a component.
"""

from __future__ import annotations

import dis
import importlib
import inspect
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

from sanity_checks.bodies import DIAGNOSED
from sanity_checks.variant_words import VARIANTS

HERE = Path(__file__).resolve().parent
OURS = tuple(str(HERE.parent / room) for room in ("minbert", "optim", "regularizers", "tasks", "sanity_checks"))
OUR_DROPOUT = str(HERE.parent / "minbert" / "dropout.py")
INSTALLED = tuple({sysconfig.get_paths()[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")})


@dataclass
class Watched:
    """codes: the functions that ran, by id; functional: whether dropout was called as a function, and not by a ready-made module."""

    codes: dict[int, CodeType] = field(default_factory=dict)
    functional: bool = False


@contextmanager
def watching() -> Iterator[Watched]:
    """Note every Python function that runs inside; does nothing while somebody else is profiling."""
    watched = Watched()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            code = frame.f_code
            watched.codes.setdefault(id(code), code)
            if code.co_name == "dropout" and not watched.functional:
                watched.functional = _by_itself(code, frame.f_back)

    free = sys.getprofile() is None
    if free:
        sys.setprofile(note)
    try:
        yield watched
    finally:
        if free:
            sys.setprofile(None)


def sentence(ways: tuple[str, ...]) -> str:
    """What a student is told about `way`."""
    return f"Right, and written otherwise than in the library: {', '.join(ways)}." if ways else ""


def _by_itself(dropout: CodeType, caller: FrameType | None) -> bool:
    # torch's function, or the recorder in the place of it, called by neither nn.Dropout nor our own `dropout`, which a body may always call
    file = dropout.co_filename.replace("\\", "/")
    return caller is not None and file.endswith("torch/nn/functional.py") and not caller.f_code.co_filename.startswith((*INSTALLED, OUR_DROPOUT, str(HERE)))


def way(component: str, watched: Watched) -> tuple[str, ...]:
    """How the code that ran is written, where that is not the library's own way: ("with einsum", ...)."""
    evidence = frozenset().union(*map(_evidence, _under_work(component, watched))) | ({"functional dropout"} if watched.functional else set())
    return tuple(words for words, (components, signs) in VARIANTS.items() if (not components or component in components) and any(_true(each, evidence) for each in signs))


def _true(signs: tuple[str, ...], evidence: frozenset[str]) -> bool:
    return bool(evidence) and all(sign[3:] not in evidence if sign.startswith("no ") else sign in evidence for sign in signs)


def _under_work(component: str, watched: Watched) -> list[CodeType]:
    modules = {str(Path(importlib.import_module(body.module).__file__).resolve()) for body in DIAGNOSED.get(component, ())}  # type: ignore[arg-type]
    found = []
    for code in watched.codes.values():
        file = code.co_filename
        elsewhere = not file.startswith((*OURS, *INSTALLED, "<"))  # a course starter's own file
        is_function = code.co_flags & inspect.CO_OPTIMIZED  # and not the body of a class or a file that was imported meanwhile
        if (file in modules or elsewhere) and is_function and code.co_name not in ("__init__", "__post_init__"):
            found.append(code)
    return found


def _evidence(code: CodeType) -> set[str]:
    """Names, numbers and loops of one function and of the functions inside it."""
    found = {*code.co_names, *(f"number {each}" for each in code.co_consts if isinstance(each, float))}
    if any(step.opname == "FOR_ITER" for step in dis.get_instructions(code)):
        found.add("loop")
    return found.union(*(_evidence(each) for each in code.co_consts if isinstance(each, CodeType)))
