"""Files of texts for the stages before the tasks: one text a line, or triples (anchor, positive, negative) in a CSV; and which texts are the same.

Texts of a file that dev or test hold are left out: what a model is measured on it must not have read, labels or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch

from minbert.errors import UserError
from tasks.clean_text import clean_text
from tasks.csv_rows import decode, mistake, read_bytes, read_table
from tasks.recipe_stages import NLI

Row = tuple[str, ...]  # one text, or anchor, positive and negative
NLI_FILES = ("nli-triplets.csv", "extra/nli-triplets.csv")  # below the data folder
NEGATIVES = ("negative", "hard_negative")  # the two names that the third column has


def same_text(text: str) -> str:
    """What two spellings of one text share: its letters and digits, or the text itself where it has none.

    >>> same_text(' "Don\\'t go!" ') == same_text("dont go")
    True
    """
    return "".join(filter(str.isalnum, text.lower())) or text.strip()


def read_lines_of_text(path: Path) -> list[Row]:
    """The lines of a UTF-8 file that hold a text, cleaned as sentences of the tasks are. UserError naming file and line for anything else."""
    if not read_bytes(path).strip():
        raise mistake(path, 1, "the file is empty; expected one text a line.")
    text, _ = decode(path)
    cleaned = (clean_text(line)[0] for line in text.split("\n"))  # not splitlines: it also cuts at signs that may stand inside a sentence
    return [(line,) for line in cleaned if line]


def read_triples(path: Path) -> list[Row]:
    """The rows of a CSV with the columns anchor, positive and negative (or hard_negative); rows with an empty cell are left out."""
    header = decode(path)[0].split("\n", 1)[0]
    third = next((name for name in NEGATIVES if name in [cell.strip().strip('"') for cell in header.replace(",", "\t").split("\t")]), NEGATIVES[0])
    rows = [tuple(clean_text(cell)[0] for cell in cells) for _, cells in read_table(path, ("anchor", "positive", third)).rows]
    return [row for row in rows if all(row)]


def triples_path(name: str, folder: Path) -> Path:
    """Where the triples lie that a recipe calls `name`: a file of the data folder or a full path, or the NLI triples for "nli"."""
    if name != NLI:
        return folder / name
    found = next((folder / file for file in NLI_FILES if (folder / file).is_file()), None)
    if found is None:
        raise UserError(f'simcse.triples = "{NLI}" looks for {" or ".join(NLI_FILES)} in {folder}, and neither is there; name a CSV with the columns '
                        "anchor, positive, negative instead.")
    return found


def without(rows: Sequence[Row], unseen: Iterable[str]) -> list[Row]:
    """The rows of which no text is among `unseen`, texts as `same_text` gives them."""
    unseen = frozenset(unseen)
    return [row for row in rows if not any(same_text(text) in unseen for text in row)]


def groups_of(rows: Sequence[Row]) -> torch.Tensor:
    """A number for each row (N,), equal where the first texts are: those must not be pushed apart."""
    numbers: dict[str, int] = {}
    return torch.tensor([numbers.setdefault(same_text(row[0]), len(numbers)) for row in rows])


def divide(rows: Sequence[Row], share: float, generator: torch.Generator) -> tuple[list[Row], list[Row]]:
    """(texts to learn from, texts held out): a `share` of the different texts is held out, each with all of its copies."""
    numbers = groups_of(rows).tolist()  # equal for equal texts
    count = len(set(numbers))
    aside = set(torch.randperm(count, generator=generator)[: round(share * count)].tolist())
    learned, held_out = ([row for row, number in zip(rows, numbers) if (number in aside) == out] for out in (False, True))
    if len(held_out) == 1:
        raise UserError(f"mlm.held_out = {share} holds out 1 of {count} different texts, expected two or more; name more texts, or try mlm.held_out = 0.")
    return learned, held_out
