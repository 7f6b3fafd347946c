"""A recipe as TOML: complete, defaults included, each setting with its comment; reading it gives the same recipe again, to the last bit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from minbert.errors import UserError
from tasks.recipe_settings import TABLES, Recipe
from tasks.recipe_words import written

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# Between quotes TOML wants these escaped; whatever else may not stand there is written by its number.
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_COMMENT_COLUMN = 34


def to_toml(recipe: Recipe) -> str:
    """Return the text of a recipe file: `load_recipe` of it equals `recipe`."""
    return "\n".join(_lines(recipe)) + "\n"


def _lines(recipe: Recipe) -> Iterator[str]:
    yield from _settings(recipe)
    for field in dataclasses.fields(recipe):
        section = getattr(recipe, field.name)
        if dataclasses.is_dataclass(section):
            yield from ("", f"[{field.name}]", *_settings(section))
    for kind in TABLES:
        for name, table in getattr(recipe, kind).items():
            yield from ("", f"[{kind}.{_key(name)}]", *(f"{_key(key)} = {toml_value(value)}" for key, value in table.items()))


def _settings(section: Any) -> Iterator[str]:
    for field in dataclasses.fields(section):
        if "rule" in field.metadata:
            line = f"{field.name} = {toml_value(getattr(section, field.name))}"
            yield f"{line:<{_COMMENT_COLUMN}}  # {field.metadata['comment']}"


def toml_value(value: Any) -> str:
    """Write one value; `UserError` for something that a recipe cannot hold."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)  # the shortest digits that give the same float back
    if isinstance(value, str):
        return '"' + "".join(_character(letter) for letter in value) + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {toml_value(inner)}" for key, inner in value.items()) + "}"
    raise UserError(f"a recipe cannot hold {written(value)}; expected a text, a number, true or false, or a list of those.")


def _character(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return letter if letter.isprintable() or ord(letter) > 0x9F else f"\\u{ord(letter):04x}"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else toml_value(name)
