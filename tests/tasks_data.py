"""Made-up rows on disk and a tokenizer of whole words, for the tests of the data side."""

from __future__ import annotations

from pathlib import Path

from tasks.data import Example, Split
from tasks.encoding import EncodedSplit, encode_split
from tasks.registry import TASKS, Task

SST, QUORA, STS = (TASKS[name] for name in ("sst", "quora", "sts"))
SST_HEADER = "\tid\tsentence\tsentiment\n"


def write(folder: Path, content: str | bytes, name: str = "made-up.csv") -> Path:
    """A file with exactly this content (no line end is touched)."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


class WordTokenizer:
    """One id per white-space word, 1000 + a checksum of its letters, behind the interface of minbert.Tokenizer."""

    pad_id, cls_id, sep_id = 0, 101, 102

    def __init__(self) -> None:
        self.calls = 0

    def pieces(self, texts: list[str]) -> list[list[int]]:
        self.calls += 1
        return [[1000 + sum(map(ord, word)) for word in text.split()] for text in texts]

    def assemble(self, ids_a: list[int], ids_b: list[int] | None = None, max_length: int = 512,
                 truncation: str = "longest-first") -> tuple[list[int], list[int]]:
        first, second = list(ids_a), None if ids_b is None else list(ids_b)
        while len(first) + len(second or []) > max_length - (2 if second is None else 3):
            (first if second is None or len(first) > len(second) else second).pop()
        ids, types = [101, *first, 102], [0] * (len(first) + 2)
        return (ids, types) if second is None else ([*ids, *second, 102], types + [1] * (len(second) + 1))


def split_of_lengths(lengths: list[tuple[int, ...]], labels: list[float] | None = None) -> Split:
    """One example per entry, whose sentences have that many words; words are all different."""
    texts = [tuple(" ".join(f"w{row}x{part}y{word}" for word in range(length)) for part, length in enumerate(row_lengths))
             for row, row_lengths in enumerate(lengths)]
    examples = tuple(Example(f"id{row}", texts[row], None if labels is None else labels[row], row + 2) for row in range(len(texts)))
    return Split(examples, {"rows read": len(examples), "rows kept": len(examples)}, Path("made-up.csv"))


def encoded_lengths(lengths: list[tuple[int, ...]], task: Task = SST, pairs: str = "siamese", **options: object) -> EncodedSplit:
    """The same, encoded by `WordTokenizer` with labels that count up inside the task's range."""
    labels = [row % 2 if task.kind != "regression" else (row % 11) / 2 for row in range(len(lengths))]
    return encode_split(split_of_lengths(lengths, labels), WordTokenizer(), task, pairs=pairs, **options)
