"""What one setting of a recipe may be: a rule turns the value somebody wrote into the value that is kept, or says what it expected."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minbert.errors import UserError, nearest
from tasks.recipe_words import tip, written


@dataclass(frozen=True)
class Rule:
    """What is expected, in words, and the function that checks it.

    words: completes the sentence "... but must be"
    convert: written value -> kept value; raises ValueError or TypeError when the value does not fit
    choices: the names to search for the one that was meant, where the rule is a choice of names
    """

    words: str
    convert: Callable[[Any], Any]
    choices: tuple[str, ...] = ()


def number(words: str, holds: Callable[[float], bool]) -> Rule:
    """A finite number for which `holds` is true; whole numbers are taken too and kept as floats."""

    def convert(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError
        if not (math.isfinite(value) and holds(float(value))):  # a whole number too long for a float raises OverflowError here
            raise ValueError
        return float(value)

    return Rule(words, convert)


def whole(low: int, high: int | None = None, note: str = "") -> Rule:
    """A whole number from `low` to `high`, both included; up to a billion when `high` is None, which no run reaches and every counter holds."""
    words = f"a whole number from {low} to {'a billion' if high is None else high}"
    largest = 10**9 if high is None else high

    def convert(value: Any) -> int:
        # True is an int in Python, but nobody means it as a size.
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= largest:
            raise ValueError
        return value

    return Rule(words + (f" ({note})" if note else ""), convert)


def choice(*names: str) -> Rule:
    """One of a few names."""

    def convert(value: Any) -> str:
        if value not in names:
            raise ValueError
        return value

    return Rule("one of " + ", ".join(name or '""' for name in names) if len(names) > 1 else f'"{names[0]}", the only one there is so far', convert, names)


def truth() -> Rule:
    """true or false."""

    def convert(value: Any) -> bool:
        if not isinstance(value, bool):
            raise TypeError
        return value

    return Rule("true or false", convert, ("true", "false"))


def text(words: str = "a text", empty: bool = True) -> Rule:
    """A string that can be written to a UTF-8 file; `empty` says whether "" will do."""

    def convert(value: Any) -> str:
        if not isinstance(value, str) or not (value or empty):
            raise ValueError
        value.encode("utf-8")  # half of a surrogate pair, from an undecodable argument, raises UnicodeEncodeError: a ValueError
        return value

    return Rule(words, convert)


def several(words: str, each: Rule, holds: Callable[[tuple], bool]) -> Rule:
    """A list of values that fit `each`, kept as a tuple, for which `holds` is true."""

    def convert(value: Any) -> tuple:
        if not isinstance(value, (list, tuple)):
            raise TypeError
        kept = tuple(each.convert(item) for item in value)
        if not holds(kept):
            raise ValueError
        return kept

    return Rule(words, convert)


def setting(default: Any, rule: Rule, comment: str) -> Any:
    """A dataclass field with its rule and its one comment, which `to_toml` writes beside the value."""
    return dataclasses.field(default=default, metadata={"rule": rule, "comment": comment})


def check(key: str, value: Any, rule: Rule, default: Any = None, where: str = "") -> Any:
    """Return `value` as the rule keeps it; raise `UserError` naming key, value, what was expected and what to try.  default: None where there is none."""
    try:
        return rule.convert(value)
    except (ValueError, OverflowError, TypeError):
        pass  # the sentence below is the whole story: the reason inside adds nothing a user could use
    meant = nearest(str(value), rule.choices) if isinstance(value, (str, bool)) else None
    raise UserError(tip(f"{where}{key} is {written(value)}, but must be {rule.words}", meant, "it has no default" if default is None else f"the default is {written(default)}"))


def check_fields(settings: Any, section: str = "") -> None:
    """Check every ruled field of a frozen dataclass on construction, and keep the converted values."""
    for field in dataclasses.fields(settings):
        if "rule" in field.metadata:
            key = f"{section}.{field.name}" if section else field.name
            value = check(key, getattr(settings, field.name), field.metadata["rule"], field.default)
            object.__setattr__(settings, field.name, value)  # the one place that writes to a frozen object: its own construction


ABOVE_0 = number("a number above 0", lambda value: value > 0)
FROM_0 = number("a number, 0 or more", lambda value: value >= 0)
SHARE = number("a number above 0, at most 1", lambda value: 0 < value <= 1)
RATE = number("a number from 0 up to, not including, 1", lambda value: 0 <= value < 1)
BETAS = several("two numbers from 0 up to, not including, 1", RATE, lambda pair: len(pair) == 2)
NAMES = several("a list of one or more different task names", text(empty=False), lambda names: 0 < len(names) == len(set(names)))
FEATURES = choice("concat", "difference", "product", "difference-product", "concat-product", "sbert", "all")
ANY = number("a number", lambda value: True)
UNIT = number("a number from 0 to 1", lambda value: 0 <= value <= 1)
HEADS = several('a list of "task=head", each task once, for example ["sts=cosine-2d+1"]', text(empty=False),
                lambda pairs: all(pair.count("=") == 1 for pair in pairs) and len({pair.split("=")[0] for pair in pairs}) == len(pairs))


def _task_and_rate(value: Any) -> str:
    task, equals, rate = text(empty=False).convert(value).partition("=")
    if not task or not equals:
        raise ValueError
    RATE.convert(float(rate))
    return value


DROPOUTS = several('a list of "task=rate", each task once, a rate from 0 up to, not including, 1, for example ["sts=0.9"]', Rule("task=rate", _task_and_rate),
                   lambda pairs: len({pair.partition("=")[0] for pair in pairs}) == len(pairs))
