"""From what somebody wrote, in a TOML file or after --set, to checked settings: dotted key -> value.

    [optimizer]                      --set optimizer.lr=2e-5          "optimizer.lr" -> 2e-05
    lr = 2e-5                        --lr 2e-5
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minbert.errors import UserError, nearest
from tasks.recipe_rules import check
from tasks.recipe_settings import TABLES, Recipe
from tasks.recipe_words import tip, written

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

TOP = {field.name: field for field in dataclasses.fields(Recipe) if "rule" in field.metadata}
SECTIONS = {field.name: field.default_factory for field in dataclasses.fields(Recipe) if field.name not in {*TOP, *TABLES}}
# dotted key -> its dataclass field, with default, rule and comment
KEYS = {**TOP, **{f"{name}.{field.name}": field for name, section in SECTIONS.items() for field in dataclasses.fields(section)}}

STAGES = ("stages.", "simcse.", "mlm.")  # repeat names of other sections: lr, epochs, ...

# What the course, `transformers` and our own options call a setting, where no spelling distance would find it.
MEANT = {"learning_rate": "optimizer.lr", "dropout": "model.head_dropout", "hidden_dropout_prob": "model.head_dropout", "batch": "sampler.batch_size",
         "num_epochs": "training.epochs", "num_train_epochs": "training.epochs", "max_grad_norm": "training.clip", "model": "weights",
         "option": "model.fine_tune_mode", "update.lr": "optimizer.lr", "optimizer.epsilon": "optimizer.eps", "warmup_ratio": "schedule.warmup"}


@dataclass(frozen=True)
class Override:
    """One change to a recipe from the command line: dotted key, the text after "=", and the option it came from, for error sentences."""

    key: str
    text: str
    origin: str = "--set"


def read_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file; `UserError` naming file and line when it cannot be read."""
    shown = ascii(str(path))[1:-1]
    try:
        content = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UserError(f"{shown}: the recipe cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UserError(f"{shown}: line {line} is not UTF-8 text; save the recipe as UTF-8.") from None
    try:
        return tomllib.loads(content)
    except RecursionError:
        raise UserError(f"{shown}: brackets are nested too deeply for a recipe.") from None
    except ValueError as error:  # TOMLDecodeError is one, and so is a whole number too long to read
        own_task = re.search(r"^\s*\[\s*tasks\s*\.\s*(\w+)", content, re.MULTILINE)
        hint = f"; describe a task of your own under [task.{own_task[1]}], since tasks is the list of names" if own_task else ""
        raise UserError(f"{shown}: not TOML: {_one_line(error)}{hint}.") from None


def parse_override(text: str, option: str = "--set") -> Override:
    """Split "optimizer.lr=2e-5" at its first "="; `UserError`, which names the `option` that it was typed after, when there is none."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UserError(f"{option}: got {written(text)}, but KEY=VALUE was expected, for example optimizer.lr=2e-5.")
    return Override(key.strip(), value.strip())


def settings_in(table: dict[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    """Walk a recipe's table: (dotted key, checked value) for each setting; tables under own names come as ("task.NAME", table) unchecked."""
    for name, value in table.items():
        if name in SECTIONS or name in TABLES:
            if not isinstance(value, dict):
                raise UserError(f"{where}{name} is {written(value)}, but must be a table [{name}] with keys of its own.")
            for key, inner in value.items():
                dotted = f"{name}.{key}"
                yield dotted, inner if name in TABLES else checked(dotted, inner, where)
        else:
            yield name, checked(name, value, where)


def override_value(override: Override) -> Any:
    """The checked value of an override; a word without quotes is a text, words between commas are a list, everything else is TOML."""
    value, field = _toml_value(override.text), KEYS.get(override.key)
    if override.key.split(".")[0] in TABLES:
        return _listed(value) if isinstance(value, str) and value.startswith("[") else value
    if field is not None and isinstance(field.default, str) and not isinstance(value, str):
        value = override.text  # a folder may well be called 2024
    if field is not None and isinstance(field.default, tuple) and isinstance(value, str):
        value = _listed(value)  # shells take the quotes away: tasks=["sst"] arrives as tasks=[sst]
    return checked(override.key, value, f"{override.origin}: ")


def checked(key: str, value: Any, where: str) -> Any:
    """Return the value of setting `key` as its rule keeps it; `UserError` for an unknown key (with the nearest) or an impossible value."""
    if key not in KEYS:
        raise UserError(_unknown(f"{where}there is no setting {written(key)}", key, isinstance(value, dict)))
    if key == "tasks" and isinstance(value, dict):
        first = next(iter(value), "NAME")
        raise UserError(f"{where}tasks is {written(value)}, but must be a list of task names; describe a task of your own under [task.{first}].")
    return check(key, value, KEYS[key].metadata["rule"], KEYS[key].default, where)


def _unknown(sentence: str, key: str, is_section: bool) -> str:
    section, _, last = key.rpartition(".")
    same = sorted((known for known in KEYS if known.rpartition(".")[2] == last), key=lambda known: known.startswith(STAGES))  # the tasks' own first
    meant = MEANT.get(key) or MEANT.get(last) or (same[0] if same else None)
    if is_section and not meant:
        near = nearest(key, SECTIONS)
        return tip(sentence, near and f"[{near}]", f"the sections are {', '.join(SECTIONS)}, task.NAME, extra.NAME and phase.NAME")
    inside = [known for known in KEYS if known.startswith(f"{section}.")] or [*TOP, *(f"{name}.*" for name in SECTIONS)]
    return tip(sentence, meant or nearest(key, KEYS), f"there are {', '.join(inside)}")


def _toml_value(text: str) -> Any:
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return table["value"] if list(table) == ["value"] and "\n" not in text else text


def _listed(text: str) -> list[Any]:
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    return [_toml_value(item.strip()) for item in inner.split(",") if item.strip()]


def _one_line(error: ValueError) -> str:
    sentence = ascii(" ".join(str(error).split()))[1:-1]
    return sentence[:1].lower() + sentence[1:160].rstrip(".")
