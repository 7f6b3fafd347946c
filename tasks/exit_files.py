"""What `minbert exits` leaves in a run folder: exits.json with everything, exits.csv with a line for each threshold, exits.svg to look at."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from minbert.files import write_text
from tasks.exit_picture import exit_picture
from tasks.exit_study import Study

COLUMNS = ("task", "rule", "threshold", "chosen", "score", "mean_layer", "saved", "seconds_all_layers", "seconds_early", "left_after")


def write_exits(folder: Path, asked: Mapping[str, Any], studies: Mapping[str, Study], seconds: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """asked: what the command was told; studies, seconds: task -> its study, and the measured seconds of each of its points, all layers and early, or none."""
    tasks = {name: {**each.plain(), "seconds": list(seconds[name])} for name, each in studies.items()}
    write_text(folder / "exits.json", json.dumps({**asked, "tasks": tasks}, indent=1) + "\n")
    write_text(folder / "exits.csv", csv_text(studies, seconds))
    write_text(folder / "exits.svg", exit_picture(studies, seconds))


def csv_text(studies: Mapping[str, Study], seconds: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """A line for each task and threshold, on the half that was looked at."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, each in studies.items():
        for place, point in enumerate(each.points):
            shares = " ".join(f"{share:.4f}" for share in point.fractions)
            clock = seconds[name][place] if seconds[name] else ("", "")
            writer.writerow([name, each.rule, point.threshold, int(place == each.chosen), point.score, point.mean_layer, point.saving, *clock, shares])
    return text.getvalue()
