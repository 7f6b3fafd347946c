"""What tests share: where the real data lies, and the real pretrained weights, fetched once."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
import torch

# Tests use tensors of a few dozen numbers, which two threads share more slowly than one computes them.
torch.set_num_threads(1)
# What is imported and collected stays to the end: seconds would go into walking through it for garbage again and again.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, among what the tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def course_data() -> Path:
    """The folder of course files named by MINBERT_DATA; tests that read it skip where it is absent."""
    folder = Path(os.environ.get("MINBERT_DATA", ""))
    if not os.environ.get("MINBERT_DATA") or not (folder / "ids-sst-train.csv").exists():
        pytest.skip("MINBERT_DATA names no folder with the course files")
    return folder


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    """The real `minilm` weights, from the cache or fetched as a user would fetch them; skips where no source answers."""
    from minbert.errors import UserError
    from minbert.sources import resolve

    try:
        return Path(resolve("minilm"))
    except UserError as error:
        pytest.skip(f"no source of minilm answers: {error}")


@pytest.fixture
def generator() -> torch.Generator:
    """A seeded generator: tests draw from it, never from the global one."""
    return torch.Generator().manual_seed(20)


@pytest.fixture(autouse=True)
def _same_start() -> None:
    """Dropout draws from torch's own generator; every test meets it in the same state."""
    torch.default_generator.manual_seed(11711)  # torch.manual_seed notes a stack trace for each device besides: seconds, over thousands of tests
