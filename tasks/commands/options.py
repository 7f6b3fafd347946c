"""Reading options so that every mistake is one sentence with the nearest right option, and so that both spellings of a name are understood."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import NoReturn

from minbert.errors import UserError, nearest
from tasks.recipe_words import tip, written


def make_parser(command: str, usage: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """An ArgumentParser for `minbert COMMAND USAGE` that raises `UserError` instead of printing its usage, and takes no abbreviations."""
    parser = argparse.ArgumentParser(prog=f"minbert {command}", usage=f"minbert {command} {usage} [options]", description=description, epilog=epilog, allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)

    def refuse(message: str) -> NoReturn:
        raise UserError(f"{command}: {ascii(message)[1:-1]}; minbert {command} --help shows what there is.")

    parser.error = refuse  # an attribute of this one parser: argparse calls it for everything that it cannot read
    return parser


def with_dashes(argv: Sequence[str]) -> list[str]:
    """Spell every option name with dashes: --batch_size=8 and --batch-size=8 are one option, as students write both."""
    return [_name_with_dashes(word) if word.startswith("--") else word for word in argv]


def _name_with_dashes(word: str) -> str:
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value


def parse(parser: argparse.ArgumentParser, argv: Sequence[str], instead: Mapping[str, str] | None = None) -> argparse.Namespace:
    """Parse `argv`; `UserError` for an unknown option, with the nearest one, or with what `instead` (option -> advice) says to do."""
    options, unknown = parser.parse_known_args(with_dashes(argv))
    for word in unknown:
        name = word.partition("=")[0]
        if instead and name in instead:
            raise UserError(f"{parser.prog} has no option {name}; {instead[name]}.")
        if name.startswith("-"):
            known = [known for action in parser._actions for known in action.option_strings]
            raise UserError(tip(f"{parser.prog} has no option {written(name)}", nearest(name, known), f"{parser.prog} --help shows all"))
    if unknown:
        raise UserError(f"{parser.prog} expected nothing more after its arguments, got {written(unknown[0])}; "
                        "a value with blanks needs quotes around it.")
    return options


def given(options: argparse.Namespace) -> dict[str, object]:
    """The options that were written: --NAME -> value, without those left at None, False or []."""
    return {f"--{name.replace('_', '-')}": value for name, value in vars(options).items() if value not in (None, False, [])}
