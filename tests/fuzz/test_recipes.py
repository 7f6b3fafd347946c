"""A first thousand of the fuzzed recipes and command lines; `python tests/fuzz/recipes.py --cases 20000` runs more."""

from __future__ import annotations

from pathlib import Path

from fuzz.recipes import CASES, one_case


def test_every_fuzzed_recipe_and_command_line_is_understood_or_refused_in_one_sentence(tmp_path: Path) -> None:
    endings = {one_case(number, tmp_path) for number in range(1000)}
    assert endings == {f"{kind}: {ending}" for kind in CASES for ending in ("understood", "refused with one sentence")}
