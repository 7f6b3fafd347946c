"""Writing a file so that nobody ever sees half of it: all bytes beside the target, flushed to disk, then one rename."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from minbert.errors import UserError


def write_in_one_move(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, completely or not at all; missing folders are made.

    Raises `UserError` naming the path when the disk refuses; whatever was there before is then untouched.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.saving")  # the same folder: a rename must not cross disks
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # the bytes must be on disk before the name says so
        os.replace(beside, path)
    except OSError as error:
        raise UserError(f"cannot write {path} ({error.strerror or error}); choose a folder that can be written and has room.") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()  # gone already after a rename; there after anything else, Ctrl-C included
