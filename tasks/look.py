"""Look at the data before training on it: what was read, repaired and skipped, how long sequences are, and what padding costs.

    python -m tasks.look FOLDER                                      the course's files, counted
    python -m tasks.look FOLDER --tokenizer minilm                   and tokenised: lengths, truncation, padding with and without grouping
    python -m tasks.look FOLDER --task quora --tokenizer minilm --pairs cross
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError
from tasks.data import Split, describe_counts, read_split
from tasks.registry import TASKS, Task

if TYPE_CHECKING:
    from minbert.tokenizer import Tokenizer
    from tasks.encoding import EncodedSplit

BATCH_SIZES = (8, 32, 64)


def padding_lines(encoded: EncodedSplit, window: int = 50) -> Iterator[str]:
    """One line per batch size: tokens computed for one token meant, in plain random batches and in batches grouped by length."""
    import torch

    from tasks.batching import length_grouped_batches, padding_ratio

    for batch_size in BATCH_SIZES:
        ratios = [padding_ratio(encoded, length_grouped_batches(encoded.lengths, batch_size, width, torch.Generator().manual_seed(0)))
                  for width in (1, window)]
        yield f"  batch {batch_size:<3} random {ratios[0]:.3f}   window {window} {ratios[1]:.3f}"


def lengths_line(encoded: EncodedSplit) -> str:
    """The median and longest sequence in word pieces, and how many examples were cut."""
    ordered = sorted(encoded.lengths)
    return f"  word pieces: median {ordered[len(ordered) // 2]}, longest {ordered[-1]}; {encoded.truncated:,} examples truncated"


def describe(task: Task, split: Split, tokenizer: Tokenizer | None, pairs: str, max_length: int) -> Iterator[str]:
    """Everything there is to say about one split."""
    yield describe_counts(split)
    if tokenizer is not None:
        from tasks.encoding import encode_split

        encoded = encode_split(split, tokenizer, task, max_length, pairs)
        yield lengths_line(encoded)
        yield from padding_lines(encoded)


def main(arguments: list[str] | None = None) -> int:
    """Print the lines for every chosen task whose files are in the folder; exit status 2 with one sentence for a mistake of the user."""
    parser = argparse.ArgumentParser(prog="python -m tasks.look", description="What is in the data files: counts, repairs, lengths, padding.")
    parser.add_argument("folder", type=Path, help="folder with the data files")
    parser.add_argument("--task", choices=TASKS, action="append", help="a task to look at (default: every task with files in the folder)")
    parser.add_argument("--tokenizer", help="weights whose vocabulary to use: minilm, bert-base-uncased, tiny or a folder")
    parser.add_argument("--pairs", choices=("siamese", "cross"), default="siamese", help="how pairs become sequences (default: siamese)")
    parser.add_argument("--max-length", type=int, default=128, help="longest sequence in word pieces (default: 128)")
    try:
        for line in _lines(parser.parse_args(arguments)):
            print(line)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _lines(chosen: argparse.Namespace) -> Iterator[str]:
    tokenizer = None
    if chosen.tokenizer:
        from minbert.tokenizer import Tokenizer

        tokenizer = Tokenizer.from_pretrained(chosen.tokenizer)
    found = [(task, split) for task in TASKS.values() for split, name in task.files.items()
             if (task.name in chosen.task if chosen.task else (chosen.folder / name).exists())]
    if not found:
        raise UserError(f"{chosen.folder} has no file of a known task; expected names such as {TASKS['sst'].files['train']}.")
    for task, split in found:
        # The course hands out its test files without labels.
        yield from describe(task, read_split(chosen.folder, task, split, split != "test"), tokenizer, chosen.pairs, chosen.max_length)


if __name__ == "__main__":
    sys.exit(main())
