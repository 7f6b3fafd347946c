"""Settings that cannot work together: each row of a table of them has its own sentence, and without its last setting it is possible."""

from __future__ import annotations

import pytest

from minbert.errors import UserError
from tasks.recipe import load_recipe

Rows = list[tuple[list[str], str]]  # settings, the last of which is one too many, and what is said


def each_of(rows: Rows) -> pytest.MarkDecorator:
    """One test for each row, named after its last setting."""
    return pytest.mark.parametrize(("overrides", "sentence"), rows, ids=[overrides[-1] for overrides, _ in rows])


def expect_impossible(overrides: list[str], sentence: str) -> None:
    """The recipe `baseline` is refused with these settings, in exactly these words, and loads without the last of them."""
    with pytest.raises(UserError) as caught:
        load_recipe("baseline", overrides)
    assert str(caught.value) == f"recipe baseline, with the options given: {sentence}"
    assert load_recipe("baseline", overrides[:-1]).name == "baseline"
