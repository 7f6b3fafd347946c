"""`minbert recipes`: every built-in recipe with one line and its source; `minbert recipes NAME`: the whole of one, ready to be saved and changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from minbert.errors import UserError, nearest
from tasks.commands.options import make_parser, parse
from tasks.console import width_of_terminal
from tasks.recipe import built_in_recipes, load_recipe, to_toml
from tasks.recipe_words import tip, written

DESCRIPTION = "List the recipes that come with minbert, each with what it is and where its numbers come from; or print the whole of one."
EXAMPLES = """\
examples:
  minbert recipes
  minbert recipes gse > mine.toml      a copy to change; minbert train mine.toml runs it
  minbert compare baseline gse         two of them, side by side"""
INDENT = "    "
NARROWEST = 30  # columns; below that a word stands alone on its line anyway


def main(argv: list[str]) -> int:
    """Run `minbert recipes` with these arguments; returns the exit status. `UserError` for a name that there is not."""
    parser = make_parser("recipes", "[NAME]", DESCRIPTION, EXAMPLES)
    parser.add_argument("name", nargs="?", metavar="NAME", help="the recipe to print in full, each setting with its comment")
    options = parse(parser, argv)
    if options.name is None:
        print(listing(max(width_of_terminal(), NARROWEST)))
        return 0
    known = built_in_recipes()
    if options.name not in known:
        raise UserError(tip(f"there is no built-in recipe {written(options.name)}", nearest(options.name, known), f"there are {', '.join(known)}"))
    print(to_toml(load_recipe(options.name)), end="")
    return 0


def listing(width: int) -> str:
    """Name, description and source of every built-in recipe, no line longer than `width` unless a single word is."""
    return "\n".join(line for name in built_in_recipes() for line in _entry(name, width))


def _entry(name: str, width: int) -> Iterator[str]:
    recipe = load_recipe(name)
    yield name
    for text in (recipe.description, f"Source: {recipe.source}"):
        yield from textwrap.wrap(text, width, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False)
