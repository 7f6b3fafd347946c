"""The gate: in a student edition, components are put together only when each is right. In the library it is open."""

from __future__ import annotations

from collections.abc import Sequence

from minbert.errors import UserError
from sanity_checks.edition import find_edition
from sanity_checks.needed import needed
from sanity_checks.standing import RIGHT, UNCHECKED, standing

NAMED = 5  # components that a sentence can hold


def expect_right_components(argv: Sequence[str] = ()) -> None:
    """Raise UserError naming the components of the running edition that the command line `argv` puts together and that are not right yet."""
    edition = find_edition()
    if edition is None:
        return
    used = needed(edition.components, argv)
    wrong = {name: outcome for name, outcome in standing(edition, used).items() if outcome not in (RIGHT, UNCHECKED)}
    if wrong:
        told = [f"{name} ({outcome})" for name, outcome in wrong.items()]
        more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
        raise UserError(f"training puts all components together, and {len(wrong)} of {len(used)} {'is' if len(wrong) == 1 else 'are'} not right yet: "
                        f"{', '.join(told[:NAMED])}{more}; begin with python -m minbert.sanity {next(iter(wrong))}")
