"""Writing a file so that a crash, a kill or a full disk never leaves half of it under its own name.

The order matters and is the whole idea:

    1. write everything in .saving-PID/, a folder beside the target (the same disk, so that 3 is a rename and not a copy)
    2. ask the disk to keep it (fsync)
    3. rename it over the target: a rename happens completely or not at all
    4. ask the disk to keep the folder too, since the rename lives there

Killed before 3, the old file is still the newest complete one; killed after 3, the new one is. A killed process cannot
tidy up after itself, so whatever it left goes when the next file is saved beside it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from minbert.errors import UserError

FOLDER = ".saving-"  # followed by the process's number: two processes may save into one folder, the cache for example, at once


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file, then put it in place of `path` in one move.

    path: the file to replace; its folder is made if missing.
    write: receives the path to write to. Whatever it raises, the old file stays as it was.
    Raises `UserError` naming the path when the folder cannot be written or the disk is full.
    """
    beside = path.parent / f"{FOLDER}{os.getpid()}"
    try:
        _remove_litter(path.parent)
        beside.mkdir(parents=True)
        write(beside / path.name)
        _allow_reading(beside / path.name)
        keep_on_disk(beside / path.name)
        os.replace(beside / path.name, path)
        keep_on_disk(path.parent)
    except Exception as error:
        if _is_about_the_disk(error):
            raise UserError(f"cannot save {path}: {_reason(error)}; what was there before is untouched, "
                            "so make room or choose a folder that can be written, and go on from there.") from error
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the bytes of `path` in one move. Raises `UserError` as `write_atomically` does."""
    write_atomically(path, lambda beside: beside.write_bytes(content))


def write_text(path: Path, text: str) -> None:
    """Replace the text of `path` in one move: UTF-8, and line ends as they are on every system. Raises `UserError` as `write_atomically` does."""
    write_bytes(path, text.encode("utf-8"))


def keep_on_disk(path: Path) -> None:
    """Return once the disk holds what was written to `path`, a file or a folder. Raises OSError when the disk cannot."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders, and keeps renames without being asked
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_litter(folder: Path) -> None:
    for left in folder.glob(f"{FOLDER}*"):
        number = left.name.removeprefix(FOLDER)
        if number == str(os.getpid()) or not _is_running(number):  # our own number on a folder from before us: numbers come round again
            shutil.rmtree(left, ignore_errors=True)


def _is_running(number: str) -> bool:
    if os.name == "nt":
        return False  # asking would end that process there; but Windows deletes no file that is open, so nobody loses one
    try:
        os.kill(int(number), 0)  # signal 0 is never delivered, it only asks
    except PermissionError:
        return True  # somebody else's, and alive
    except (OSError, ValueError, OverflowError):
        return False
    return True


def _allow_reading(path: Path) -> None:
    # safetensors makes files that only their owner may read; a run folder is there to be shared as the umask says.
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _is_about_the_disk(error: Exception) -> bool:
    # safetensors writes from Rust and wraps the operating system's error in one of its own.
    return isinstance(error, OSError) or type(error).__name__ == "SafetensorError"


def _reason(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return strerror or str(error).splitlines()[0]
