"""What commands print: plain tables, ASCII, no colour; in a narrow terminal each row becomes a short list."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.evaluate import Evaluation

NOTHING = "-"  # a figure that there is not


def width_of_terminal() -> int:
    """Columns to print in: those of the terminal or of COLUMNS, 100 when the output goes into a file."""
    return shutil.get_terminal_size((100, 24)).columns


def table(head: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None) -> str:
    """Lay out rows of text under `head`, first column left and the others right; one "head: value" a line when that is too wide.

    >>> print(table(["task", "ours"], [["sst", "0.490"]], 80))
    task   ours
    sst   0.490
    """
    rows = [list(row) for row in rows]
    widths = [max(len(row[column]) for row in [list(head), *rows]) for column in range(len(head))]
    if sum(widths) + 2 * (len(widths) - 1) > (width_of_terminal() if width is None else width):
        return "\n".join(_stacked(head, rows))
    return "\n".join(_line(row, widths) for row in [head, *rows])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (f"{cell:<{size}}" if place == 0 else f"{cell:>{size}}" for place, (cell, size) in enumerate(zip(row, widths)))
    return "  ".join([first, *others]).rstrip()


def _stacked(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield row[0]
        yield from (f"  {name}: {cell}" for name, cell in zip(head[1:], row[1:]))


def score(value: float | None) -> str:
    """A score with three digits, or "-" for none."""
    return NOTHING if value is None else f"{value:.3f}"


def results_table(results: Mapping[str, Any], width: int | None = None) -> str:
    """The final table of a run: per task the metric, both baselines and ours, from the contents of results.json."""
    rows = [[name, entry["metric"], score(entry["majority"]), score(entry["bag_of_words"]), score(entry["ours"])]
            for name, entry in results["tasks"].items()]
    return table(["task (dev)", "metric", "majority", "bag of words", "ours"], rows, width)


def overall_lines(scores: Mapping[str, tuple[str, float]], chosen: str) -> list[str]:
    """Both overall scores with their formulas, the one that picked the best epoch first; `scores` maps task -> (metric, score)."""
    from tasks.metrics import OVERALLS  # torch comes with it, and tables need none

    names = sorted(OVERALLS, key=lambda name: name != chosen)
    return [f"overall {OVERALLS[name](scores)}" for name in names]


def constant_lines(found: Iterable[Evaluation]) -> list[str]:
    """A warning for each task whose predictions are all the same: a score may look fair all the same, where one answer is common."""
    constant = [each for each in found if len(each.ids) and each.predictions.min() == each.predictions.max()]
    return [f"Warning: task {each.task}: all {len(each.ids):,} predictions are {each.predictions[0]:g}, so nothing was told apart; its {each.metric} is that of a "
            "constant answer." for each in constant]


def progress_bar(*arguments: Any, **options: Any) -> Any:
    """A tqdm bar on standard error: ASCII, as wide as the terminal, silent when nobody is watching one."""
    from tqdm import tqdm

    # disable=None: tqdm's own way to say "only on a terminal"
    return partial(tqdm, ascii=True, dynamic_ncols=True, disable=None, file=sys.stderr)(*arguments, **options)


def epoch_line(record: Mapping[str, Any], epochs: int) -> str:
    """One epoch in words, from its line in metrics.jsonl."""
    scores = ", ".join(f"{name} {dev['metric']} {score(dev['score'])}" for name, dev in record["dev"].items())
    return f"epoch {record['epoch']}/{epochs}: dev {scores}; overall {record['overall']:.4f} {record['score']}{', the best so far' if record['best'] else ''}"
