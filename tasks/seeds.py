"""One seed, many independent streams of random numbers, each with a name.

Every part that draws random numbers has a generator of its own, seeded from (seed, name). So switching one part on or
off leaves the others' numbers alone: a run with a regularizer sees the same batches and the same dropout as one without.
"""

from __future__ import annotations

import hashlib

import torch


def named_seed(seed: int, name: str) -> int:
    """A 63-bit seed for the stream `name`: the first bytes of sha256("seed:name").

    Not Python's hash(), which differs from process to process.

    >>> named_seed(11711, "dropout") == named_seed(11711, "dropout") != named_seed(11711, "sampler")
    True
    """
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "little") >> 1


def named_generator(seed: int, name: str) -> torch.Generator:
    """A CPU generator for the stream `name`."""
    return torch.Generator().manual_seed(named_seed(seed, name))
