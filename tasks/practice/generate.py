"""Write the practice data: `python -m tasks.practice.generate --out DIR`.

The same seed gives the same bytes on every machine and in every Python version; the files shipped beside this module are what this command
writes without further options.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Callable
from pathlib import Path

from minbert.files import write_text
from tasks.practice.chooser import Chooser
from tasks.practice.paraphrase import paraphrases
from tasks.practice.sentiment import reviews
from tasks.practice.similarity import similarities

SEED = 11711
SIZES = {"dev": 300, "test": 100, "train": 1000}  # dev and test choose first; what they use is closed to training
HEADERS: dict[str, tuple[str, ...]] = {
    "sentiment": ("sentence", "sentiment"),
    "paraphrase": ("sentence1", "sentence2", "is_duplicate"),
    "similarity": ("sentence1", "sentence2", "similarity"),
}
WRITERS: dict[str, Callable] = {"sentiment": reviews, "paraphrase": paraphrases, "similarity": similarities}
Row = tuple[tuple[str, ...], str]  # the texts and the label, as they stand in the file


def shuffled(rng: random.Random, rows: list[Row]) -> list[Row]:
    """The rows in random order, by `rng.random` alone (the standard shuffle is not promised to stay the same)."""
    return [row for _, row in sorted(zip([rng.random() for _ in rows], rows))]


def rows_of(task: str, seed: int = SEED) -> dict[str, list[Row]]:
    """All rows of one task by split; no sentence stands in two of them."""
    taken: set[str] = set()
    splits = {}
    for split, size in SIZES.items():
        rng = random.Random(f"practice {task} {split} {seed}")  # a string seed is hashed, the same everywhere
        splits[split] = shuffled(rng, WRITERS[task](Chooser(rng, split), size, taken))
    return splits


def file_name(task: str, split: str) -> str:
    """"practice-sentiment-train.csv"."""
    return f"practice-{task}-{split}.csv"


def identifier(task: str, split: str, texts: tuple[str, ...]) -> str:
    """25 hexadecimal characters that depend on the text alone."""
    return hashlib.sha256("\t".join((task, split, *texts)).encode()).hexdigest()[:25]


def file_text(task: str, split: str, rows: list[Row]) -> str:
    """The whole file: tab-separated, one header row; the test split goes without its labels."""
    columns = 1 if task == "sentiment" else 2
    with_label = split != "test"
    lines = ["\t".join(("id", *HEADERS[task][:columns + with_label]))]
    lines += ["\t".join((identifier(task, split, texts), *texts, *([label] if with_label else []))) for texts, label in rows]
    return "\n".join(lines) + "\n"


def generate(folder: Path, seed: int = SEED) -> list[Path]:
    """Write the nine files into a folder, which is made if need be; returns their paths."""
    paths = []
    for task in HEADERS:
        for split, rows in rows_of(task, seed).items():
            paths.append(folder / file_name(task, split))
            write_text(paths[-1], file_text(task, split, rows))
    return paths


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tasks.practice.generate", description="Write the practice data files.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write the nine files into")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed gives other data from the same grammar (default: %(default)s)")
    arguments = parser.parse_args(argv)
    for path in generate(arguments.out, arguments.seed):
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
