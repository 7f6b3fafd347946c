"""`minbert recipes`: all of them, in any width, without torch; and one of them, complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from minbert.errors import UserError
from tasks.commands.recipes import listing, main
from tasks.recipe import built_in_recipes, load_recipe

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("width", [30, 53, 199])
def test_every_recipe_is_listed_with_all_its_words_within_the_width(width: int) -> None:
    lines = listing(width).splitlines()
    assert all(len(line) <= width or " " not in line.strip() for line in lines)
    assert [line for line in lines if not line.startswith(" ")] == list(built_in_recipes())
    words = " ".join(" ".join(lines).split())
    for name in built_in_recipes():
        recipe = load_recipe(name)
        assert recipe.description and recipe.source and f"{name} {recipe.description} Source: {recipe.source}" in words


def test_a_name_prints_the_whole_recipe_which_reads_back_as_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["smart-gse"]) == 0
    (tmp_path / "copy.toml").write_text(capsys.readouterr().out)
    assert load_recipe(tmp_path / "copy.toml") == load_recipe("smart-gse")


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UserError, match=r'^there is no built-in recipe "gsee"; did you mean gse\?$'):
        main(["gsee"])
    with pytest.raises(UserError, match=r"there are practice, baseline, "):
        main(["zzzzzzzz"])


def test_listing_loads_no_torch() -> None:
    code = "import sys; from tasks.commands.recipes import main; main([]); main(['gse']); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode == 0
