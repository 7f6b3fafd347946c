"""Keeping freed memory for the next step.

A training step allocates the same large tensors as the step before. glibc gives them back to the system as soon as they are freed and asks for
them again a moment later, and the system then hands out, and clears, every 4096-byte page of them anew. Told to keep what it has, the same step
on a CPU is about a tenth faster (`python tests/benchmarks/memory.py` measures it here); the process stays as large as its largest moment.
"""

from __future__ import annotations

import ctypes
import sys

# Numbers of glibc's malloc.h, and what to set them to.
MMAP_MAX, NEVER_MAP = -4, 0  # no allocation gets a mapping of its own, which would be unmapped when freed
TRIM_THRESHOLD, NEVER_TRIM = -1, -1  # the top of the heap is never handed back


def keep_freed_memory() -> bool:
    """Tell the C library to keep freed memory, for the rest of this process; returns whether it understood (glibc on Linux only)."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return mallopt is not None and bool(mallopt(MMAP_MAX, NEVER_MAP) and mallopt(TRIM_THRESHOLD, NEVER_TRIM))
