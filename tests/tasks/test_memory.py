"""Keeping freed memory: a fresh process that does so asks the system for fewer pages, and other systems are left alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tasks import memory

FAULTS = """
import resource, sys, torch
from tasks.memory import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
torch.set_num_threads(1)
for _ in range(8):
    torch.ones(16_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def page_faults(mode: str) -> int:
    return int(subprocess.run([sys.executable, "-c", FAULTS, mode], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc only")
def test_large_tensors_are_given_pages_once_instead_of_every_time():
    if not memory.keep_freed_memory():
        pytest.skip("this C library has no mallopt")
    kept, given_back = page_faults("keep"), page_faults("give back")
    assert given_back - kept > 6 * 16_000_000 * 4 / 2**21  # at least one fault per huge page in 6 of the 8 rounds


def test_other_systems_are_left_alone(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "darwin")
    assert memory.keep_freed_memory() is False
