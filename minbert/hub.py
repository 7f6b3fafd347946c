"""Two places that belong to `huggingface_hub`: its cache on this machine, and the hub itself."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from minbert.download import SourceFailed, run_downloader
from minbert.known_weights import KnownFile, KnownWeights, mismatch

DEADLINE = 3.0  # seconds in which the hub must answer a first question, name look-up included; its client alone would try for 24

# What the downloading process runs.  The hub's client retries, resumes and follows mirrors; one sentence is all we want to hear of failures.
CLIENT = """
import sys
from huggingface_hub import constants, hf_hub_download
constants.DOWNLOAD_CHUNK_SIZE = 1 << 18  # not 10 MB: on a slow line the file would seem to stand still
endpoint, repository, revision, folder, *names = sys.argv[1:]
try:
    for name in names:
        hf_hub_download(repository, name, revision=revision, local_dir=folder, endpoint=endpoint)
except Exception as error:
    words = " ".join(str(error).split())
    sys.exit(f"{type(error).__name__}: {words[:200]}")
"""


def hub_cache() -> Path:
    """The folder in which `huggingface_hub` keeps models, by the same environment variables."""
    named = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if named:
        return Path(named).expanduser()
    # The client's own rule, written again: looking into a folder should not need the client.
    home = os.environ.get("HF_HOME") or os.path.join(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "huggingface")
    return Path(home).expanduser() / "hub"


def snapshots(known: KnownWeights) -> Iterator[Path]:
    """Every copy of these weights in that cache, the right revision first; other revisions often hold the same files."""
    for repository in known.repositories:
        folder = hub_cache() / f"models--{repository.replace('/', '--')}" / "snapshots"
        yield from sorted(folder.glob("*"), key=lambda path: path.name != known.revision)


def verified_snapshot(known: KnownWeights, files: Sequence[KnownFile]) -> Path | None:
    """A folder of that cache with the right bytes of all `files`, to be used where it lies; None if there is none."""
    for folder in snapshots(known):
        if all(mismatch(folder / file.name, file) is None for file in files):
            return folder
    return None


def from_hub_cache(known: KnownWeights, files: Sequence[KnownFile], folder: Path) -> None:
    """Put those of `files` into `folder` that any snapshot has, as links: a second copy of half a gigabyte helps nobody."""
    found = 0
    for file in files:
        for snapshot in snapshots(known):
            if mismatch(snapshot / file.name, file) is None:
                _link_or_copy((snapshot / file.name).resolve(), folder / file.name)
                found += 1
                break
    if not found:
        raise SourceFailed(f"nothing of it in {hub_cache()}")


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except OSError:  # some systems keep links for administrators
        shutil.copyfile(source, target)


def from_hub(known: KnownWeights, files: Sequence[KnownFile], folder: Path) -> None:
    """Download `files` into `folder` from the hub, or from the mirror that HF_ENDPOINT names.  Raises `SourceFailed`."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if os.environ.get(variable, "").upper() in ("1", "ON", "YES", "TRUE"):
            raise SourceFailed(f"not asked, since {variable} is set")
    endpoint = hub_endpoint()
    repository = known.repositories[0]  # the others are old names: caches may know them, the hub redirects them
    expect_answer(f"{endpoint}/{repository}/resolve/{known.revision}/{files[0].name}")
    command = [sys.executable, "-c", CLIENT, endpoint, repository, known.revision, str(folder), *(file.name for file in files)]
    # Plain HTTP: the other transfer protocol writes where the watcher does not look, and would be taken for stalled.
    quiet = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_XET": "1"}
    run_downloader(command, folder, sum(file.size for file in files), f"{known.name} from the hub", quiet)


def hub_endpoint() -> str:
    """The address of the hub: HF_ENDPOINT, or the client's own default."""
    try:
        from huggingface_hub import constants
    except ImportError:
        raise SourceFailed("huggingface_hub is not installed") from None  # it is optional: the next source may do without
    return (os.environ.get("HF_ENDPOINT") or constants.ENDPOINT).rstrip("/")


def expect_answer(url: str) -> None:
    """Raise `SourceFailed` unless `url` answers a HEAD request within DEADLINE seconds, and not with an error.

    The question is asked in a thread, because looking up a name can hang for longer than any timeout of a client.
    """
    answers: list[int | str] = []
    asking = threading.Thread(target=lambda: answers.append(_ask(url)), daemon=True)  # daemon: whoever hangs there must not keep the program alive
    asking.start()
    asking.join(DEADLINE)
    answer = answers[0] if answers else f"no answer within {DEADLINE:g} s"
    if isinstance(answer, str):
        raise SourceFailed(f"{url.split('/resolve/')[0]}: {answer}")
    if answer >= 400:
        raise SourceFailed(f"{url} answers with status {answer}")


def _ask(url: str) -> int | str:
    from huggingface_hub.utils import get_session

    try:
        return get_session().head(url, timeout=DEADLINE).status_code  # its session, since that knows the user's proxies and certificates
    except Exception as error:  # noqa: BLE001  (which exceptions there are differs between versions of the client; each is told as the reason)
        return " ".join(str(error).split()) or type(error).__name__
