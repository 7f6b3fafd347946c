"""A training command needs what its recipe uses, and nothing that only other recipes use."""

from __future__ import annotations

import pytest

from sanity_checks.needed import ADVANCED, needed

ALL = ["attention", "adamw", *ADVANCED]


@pytest.mark.parametrize("argv, extra", [
    ([], set()), (["practice", "--epochs", "1"], set()), (["--set", "sampler.batch_size=4"], set()), (["baseline"], set()),
    (["smart"], {"divergences", "smart"}), (["smart-gse"], {"divergences", "smart", "pcgrad"}), (["bregman"], {"divergences", "bregman"}),
    (["r-drop"], {"divergences"}), (["baseline", "pcgrad", "--seeds", "3"], {"pcgrad"}), (["--set", "update.name=gse"], {"pcgrad"}),
    (["--set=update.name=gse"], {"pcgrad"}), (["nonsense"], set()), (["baseline", "--set", "update.name=nonsense"], set()),
])
def test_what_is_needed_follows_from_the_recipes_that_are_named(argv, extra):
    assert needed(ALL, argv) == [name for name in ALL if name not in ADVANCED or name in extra]


def test_a_recipe_file_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[update]\nname = "pcgrad"\n')
    assert needed(ALL, [str(path)]) == ["attention", "adamw", "pcgrad"]
