"""One comparison at a time in a folder: a lock that the system gives back when its last holder is gone, however that ended.

The child of each run inherits it. So a run whose parent was killed holds the folder until it has saved.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from minbert.errors import UserError

try:
    import fcntl
except ImportError:  # Windows has other locks; there, nobody is warned
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def only_one(out: Path) -> Iterator[tuple[int, ...]]:
    """Hold `out` inside the block; gives what a child must inherit to hold it too. `UserError` when another comparison has it, or it cannot be made."""
    path = out / ".compare.lock"
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as error:
        raise UserError(f"cannot write in {out}: {error.strerror or error}; give another folder with --out.") from None
    with lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(f"another minbert compare works in {out}, or a run that it left is still saving; wait for it, or give another folder with --out.") from None
            except OSError:
                pass  # a file system without locks
        yield () if fcntl is None else (lock.fileno(),)
