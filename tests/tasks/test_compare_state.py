"""How far a run has come is told from its folder; a folder with another run is refused; an outcome outlives attempts."""

from __future__ import annotations

from pathlib import Path

import pytest
from comparison import make, small_runs
from small_run import write_course_files

from minbert.errors import UserError
from tasks import train as train_module
from tasks.compare_state import BEGUN, FINISHED, HALF, MISSING, clear, drop_checkpoints, outcome_path, read_outcome, state_of, write_outcome


def test_a_run_is_missing_half_begun_and_finished_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_course_files(tmp_path / "data")
    (run,) = small_runs(data, tmp_path, row={})
    assert state_of(run) == MISSING
    monkeypatch.setattr(train_module, "finish", lambda *arguments: {})
    make(run)
    assert state_of(run) == HALF  # trained, but its results were never written
    run.folder.last.unlink()
    assert state_of(run) == BEGUN
    clear(run.folder)
    make(run)  # nothing stands in its way
    run.folder.results.write_text("{}")
    drop_checkpoints(run.folder)
    assert state_of(run) == FINISHED and not list(run.folder.last.parent.iterdir())
    (other,) = small_runs(data, tmp_path, row={"optimizer": {"lr": 0.25}})
    with pytest.raises(UserError) as error:
        state_of(other)
    assert str(error.value) == (f"{run.folder.recipe} was saved with optimizer.lr = 0.001 and this run has optimizer.lr = 0.25; compare in another folder with --out, "
                                "or give the settings of then.")


def test_attempts_add_up_and_the_larger_memory_is_kept(tmp_path: Path) -> None:
    folder = small_runs(tmp_path, tmp_path, row={})[0].folder
    assert read_outcome(folder).attempts == 0
    write_outcome(folder, sentence="no", peak_bytes=7, device="cpu")
    again = write_outcome(folder, peak_bytes=5, cuda_bytes=3)
    assert again == read_outcome(folder)
    assert (again.attempts, again.peak_bytes, again.cuda_bytes, again.sentence, again.device) == (2, 7, 3, None, "cpu")


@pytest.mark.parametrize("content", ["", "[]", '{"speed": 3}', "\x00"])
def test_a_damaged_outcome_is_told(content: str, tmp_path: Path) -> None:
    folder = small_runs(tmp_path, tmp_path, row={})[0].folder
    folder.path.mkdir(parents=True)
    outcome_path(folder).write_text(content)
    with pytest.raises(UserError, match="compare.json is not what minbert compare wrote; delete it"):
        read_outcome(folder)
