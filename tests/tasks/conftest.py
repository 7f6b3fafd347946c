"""What tests of whole runs share: made-up course files that nobody changes, and runs that end with their last step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_run import write_course_files


@pytest.fixture(scope="session", autouse=True)
def _no_pictures() -> Iterator[None]:
    """Drawing takes longer than the runs of the tests: test_plots.py draws, and test_train.py draws what a run draws."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tasks.finish.write_plots", lambda folder: [])
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up course files, written once and only read; a test that changes files writes its own."""
    return write_course_files(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def no_finish() -> Iterator[None]:
    """Predictions and report, which follow from the checkpoint and have tests of their own, are not written."""
    from tasks import train as train_module

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "finish", lambda *arguments: {})
        yield
