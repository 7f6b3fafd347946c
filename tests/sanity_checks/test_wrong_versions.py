"""The checks can fail: each wrong version of a component is called FAIL by that component's check, and right rewrites are not."""

from __future__ import annotations

import importlib
import inspect
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from wrong_versions import RIGHT, WRONG

from sanity_checks.runner import run


def functions(owner: object, module: str, prefix: str = "") -> Iterator[tuple[str, types.FunctionType]]:
    """Every function and method defined in `module`, with its dotted name; decorators are looked through."""
    for name, value in list(vars(owner).items()):
        plain = inspect.unwrap(value.__func__ if isinstance(value, (classmethod, staticmethod)) else value.fget if isinstance(value, property) else value) \
            if callable(value) or isinstance(value, (classmethod, staticmethod, property)) else None
        if isinstance(plain, types.FunctionType) and plain.__module__ == module:
            yield prefix + name, plain
        elif isinstance(value, type) and value.__module__ == module:
            yield from functions(value, module, f"{prefix}{name}.")


def mutate(monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str) -> None:
    """Change the source of module `name` and give its living functions the changed code, so that every importer sees it."""
    module = importlib.import_module(name)
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert old in source, f"stale: {old!r} does not stand in {name} any more"
    changed = types.ModuleType(name)
    changed.__package__, changed.__file__ = module.__package__, module.__file__
    monkeypatch.setitem(sys.modules, name, changed)  # dataclasses look their module up while they are made
    exec(compile(source.replace(old, new), module.__file__, "exec"), vars(changed))  # noqa: S102 (our own source, changed)
    monkeypatch.setitem(sys.modules, name, module)
    living, swapped = dict(functions(module, name)), 0
    for path, function in functions(changed, name):
        if path in living and living[path].__code__ != function.__code__:
            monkeypatch.setattr(living[path], "__code__", function.__code__)
            swapped += 1
    assert swapped, f"the change {new!r} reached no function of {name}"


def label(case: tuple[str, str, str, str]) -> str:
    return f"{case[0]}: {case[2]} -> {case[3]}"


@pytest.mark.parametrize("case", WRONG, ids=label)
@pytest.mark.filterwarnings("ignore")  # wrong code may warn; what counts is the verdict
def test_a_wrong_version_fails_its_check(monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, str, str]) -> None:
    component, module, old, new = case
    mutate(monkeypatch, module, old, new)
    (outcome,) = run([component])
    assert outcome.status == "FAIL" and " But " in outcome.text, outcome.text


@pytest.mark.parametrize("case", RIGHT, ids=label)
def test_a_right_rewrite_passes(monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, str, str]) -> None:
    component, module, old, new = case
    mutate(monkeypatch, module, old, new)
    (outcome,) = run([component])
    assert outcome.status == "ok", outcome.text


def test_every_component_has_a_wrong_version() -> None:
    from sanity_checks.runner import CHECKS

    assert set(CHECKS) - {case[0] for case in WRONG} == {"pretrained"}  # its weights are not on every machine
