"""The table of tasks: what a row of data looks like, what the head puts out, and how the answer is judged.

A task is one row of `TASKS`. Nothing else in this package asks "which task is this?": files, columns, loss, decision rule, metric and
prediction file are all looked up here, so a fourth task is one more row (or one `[task.NAME]` table in a recipe) and one CSV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SPLITS = ("train", "dev", "test")
PRACTICE_FOLDER = Path(__file__).parent / "practice"  # the data that comes with the library


@dataclass(frozen=True)
class Kind:
    """How labels of one sort behave: the metric that fits, the number of logits (None: one per class) and the range (None: from the task)."""

    metric: str
    num_outputs: int | None
    label_range: tuple[float, float] | None


# Loss and decision rule are tables of their own with the same three keys (losses.LOSSES, metrics.DECISIONS).
KINDS: Mapping[str, Kind] = {
    "classes": Kind(metric="accuracy", num_outputs=None, label_range=None),
    "binary": Kind(metric="accuracy", num_outputs=1, label_range=(0.0, 1.0)),
    "regression": Kind(metric="pearson", num_outputs=1, label_range=None),
}


@dataclass(frozen=True)
class Task:
    """One row of the registry.

    `columns` are the one or two text columns, `label` the label column; `kind` is a key of `KINDS`; `num_outputs` is the number of logits;
    `label_range` holds the lowest and highest label, both included; `files` maps a split ("train", "dev", "test") to its file name.
    """

    name: str
    columns: tuple[str, ...]
    label: str
    kind: str
    num_outputs: int
    label_range: tuple[float, float]
    metric: str
    files: Mapping[str, str] = field(hash=False)
    prediction_name: str = ""  # how the task is called in the names of prediction files
    prediction_header: str = ""  # the heading of the second column in those files

    @property
    def num_classes(self) -> int:
        """How many answers there are to choose from: 0 for a regression, 2 for a binary task with its single logit."""
        return {"classes": self.num_outputs, "binary": 2, "regression": 0}[self.kind]

    @property
    def is_pair(self) -> bool:
        """True when an example is two sentences."""
        return len(self.columns) == 2


def _course_files(stem: str) -> dict[str, str]:
    return {"train": f"{stem}-train.csv", "dev": f"{stem}-dev.csv", "test": f"{stem}-test-student.csv"}


def _practice_files(stem: str) -> dict[str, str]:
    return {split: f"practice-{stem}-{split}.csv" for split in SPLITS}


_SINGLE, _PAIR = ("sentence",), ("sentence1", "sentence2")
# "Predicted_Similiary" is the course's own spelling, and its prediction files are compared by name.
_SENTIMENT, _PARAPHRASE, _SIMILARITY = "Predicted_Sentiment", "Predicted_Is_Paraphrase", "Predicted_Similiary"

TASKS: Mapping[str, Task] = {
    row.name: row
    for row in (
        Task("sst", _SINGLE, "sentiment", "classes", 5, (0, 4), "accuracy", _course_files("ids-sst"), "sst", _SENTIMENT),
        Task("cfimdb", _SINGLE, "sentiment", "classes", 2, (0, 1), "accuracy", _course_files("ids-cfimdb"), "cfimdb", _SENTIMENT),
        Task("quora", _PAIR, "is_duplicate", "binary", 1, (0, 1), "accuracy", _course_files("quora"), "para", _PARAPHRASE),
        Task("sts", _PAIR, "similarity", "regression", 1, (0, 5), "pearson", _course_files("sts"), "sts", _SIMILARITY),
        Task("practice_sentiment", _SINGLE, "sentiment", "classes", 5, (0, 4), "accuracy", _practice_files("sentiment"),
             "practice_sentiment", _SENTIMENT),
        Task("practice_paraphrase", _PAIR, "is_duplicate", "binary", 1, (0, 1), "accuracy", _practice_files("paraphrase"),
             "practice_paraphrase", _PARAPHRASE),
        Task("practice_similarity", _PAIR, "similarity", "regression", 1, (0, 5), "pearson", _practice_files("similarity"),
             "practice_similarity", _SIMILARITY),
    )
}


def task_from_table(name: str, table: Mapping[str, object]) -> Task:
    """A user's own task from one `[task.NAME]` table of a recipe (see own_task.py for the keys); UserError names what does not fit.

    >>> task_from_table("irony", {"train": "i.csv", "columns": ["text"], "label": "ironic", "kind": "binary"}).metric
    'accuracy'
    """
    from tasks.own_task import build_task  # imported here because own_task needs the names above

    return build_task(name, table)
