"""Slips: one at a time, each really another program, the same ones each time."""

from __future__ import annotations

import ast

import pytest

from sanity_checks.mutants import mutants, slipped
from sanity_checks.mutations import Scope, slips
from sanity_checks.survivors import reasons
from sanity_checks.trials import tried
from sanity_checks.wrong import Edit, change

SCOPE = Scope(("query", "key", "value"), ("first", "second"), frozenset({"torch", "F"}))
EXPECTED = {  # code -> some of its slips
    "a + b": {"a - b", "b + a", "a", "b"},
    "a @ b": {"a * b", "b @ a"},
    "x < 3": {"x <= 3", "x > 3"},
    "2": {"3", "1", "-2", "4"},
    "-1": {"1", "0"},
    "True": {"False"},
    "torch.relu(a, b)": {"a", "torch.relu(b, a)"},
    "a.add_(b)": {"a", "b", "a.add(b)", "a.sub_(b)"},
    "f(a, dim=2)": {"a", "f(a)"},
    "query": {"key", "value"},
    "self.first": {"self.second"},
    "a if c else b": {"a if not c else b", "a", "b"},
    "a and b": {"a or b", "a", "b"},
    "not a": {"a"},
}


@pytest.mark.parametrize("code", EXPECTED)
def test_a_piece_of_code_slips_into_its_neighbours(code):
    node = ast.parse(code, mode="eval").body
    assert {ast.unparse(ast.fix_missing_locations(each)) for each in slips(node, SCOPE)} >= EXPECTED[code]
    assert ast.unparse(node) == ast.unparse(ast.parse(code)), "the code itself must stay as it was"


def test_names_of_elsewhere_and_modules_are_left_alone():
    for code in ("other", "torch", "self"):
        assert list(slips(ast.parse(code, mode="eval").body, SCOPE)) == []


def test_each_mutant_differs_from_the_source_in_one_body_only():
    from pathlib import Path

    import minbert.attention

    source = Path(minbert.attention.__file__).read_text(encoding="utf-8")
    for mutant in mutants("attention")[:40]:
        changed = change(source, mutant.edit)
        differing = {name for name, body in bodies(changed).items() if body != bodies(source)[name]}
        assert differing == {mutant.edit.body} and mutant.difference.startswith(mutant.edit.body + ": ")


def bodies(source: str) -> dict[str, str]:
    found = {}
    for node in ast.parse(source).body:
        parts = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + part.name: ast.dump(part) for part in parts if isinstance(part, ast.FunctionDef)}
    return found


def test_checks_of_arguments_are_no_exercise():
    assert not any("UserError" in mutant.difference.partition(" => ")[0] for mutant in mutants("attention"))


def test_a_slip_beside_a_mistake_keeps_the_mistake():
    mistake = (Edit("minbert.layer", "norm(residual + dropout(branch))", "norm(residual - dropout(branch))"),)
    added = [slipped("add_norm", mistake, seed)[-1].new for seed in range(12)]
    assert sum("-" in body for body in added) >= 8 and len(set(added)) > 4


def test_a_mutant_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr("sanity_checks.trials.LIMIT", 0.2)
    endless = Edit("minbert.layer", "", "while True:\n    pass", body="add_norm")
    assert tried("add_norm", (endless,)).outcome == "endless"
    assert tried("add_norm", (Edit("minbert.layer", "residual + dropout", "dropout(branch) * 0 + residual + dropout"),)).outcome in ("right", "wrong"), "and what comes after works"


def test_a_survivor_needs_a_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("sanity_checks.survivors.FOLDER", tmp_path)
    reasons.cache_clear()
    for text, message in {"f: a => b\n": "line 1: a mutant without a reason", "# because\nf: a => b\n": "line 1: a reason starts with equivalent or unseen"}.items():
        (tmp_path / "x.txt").write_text(text)
        with pytest.raises(ValueError, match=message):
            reasons("x")
    (tmp_path / "x.txt").write_text("# unseen: too small\nf: a => b\n")
    assert reasons("x") == {"f: a => b": ("unseen", "too small")} and reasons("y") == {}
    reasons.cache_clear()
