"""Updates and examples counted beforehand are those that a run makes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from comparison import make, small_runs
from small_run import SIZES, write_course_files

from tasks import train as train_module
from tasks.batching import Batch
from tasks.compare_counts import counts_of, drawn
from tasks.logs import read_lines
from tasks.streams import BatchStream


@pytest.mark.parametrize("sections", [
    {}, {"update": {"name": "gse", "reading": "fresh"}}, {"sampler": {"name": "shuffled", "batch_size": 7}}, {"sampler": {"batch_size": 7, "times": 3}},
    {"training": {"epochs": 2, "accumulation": 2, "device": "cpu"}},
], ids=["lock-step", "gse-fresh", "shuffled", "three-times", "accumulated"])
def test_what_is_counted_beforehand_is_what_a_run_makes(sections: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Counter[str] = Counter()
    take = BatchStream.__next__

    def counted(stream: BatchStream) -> Batch:
        batch = take(stream)
        seen[batch.task] += batch.size
        return batch

    monkeypatch.setattr(BatchStream, "__next__", counted)
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    (run,) = small_runs(write_course_files(tmp_path / "data"), tmp_path, row=sections)
    planned = counts_of(run.recipe)
    make(run)
    assert planned.updates == [line["updates"] for line in read_lines(run.folder.metrics) if line["kind"] == "epoch"][-1]
    smaller = run.recipe.sampler.batch_size - 20 % run.recipe.sampler.batch_size  # a pass that is not complete may have had its one smaller batch
    assert all(0 <= planned.examples[task] - seen[task] <= smaller for task in SIZES) and planned.total == sum(planned.examples.values())


def test_complete_passes_count_every_row_once() -> None:
    assert [drawn(13, 5, batches) for batches in (1, 2, 3, 6, 7)] == [5, 10, 13, 26, 31]
    assert drawn(3, 5, 4) == 12
