"""Ways to damage a file that is loaded: its bytes, the JSON in it, its tensors, or what lies under its name.

Each takes a `random.Random`, so that a case is repeated by its number.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import pickle
import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

VALUES: list[Any] = [None, True, False, 0, 1, -1, 2, 17, 10**9, 10**40, 0.5, -1e-12, 1e308, float("nan"), float("inf"), "", "x", "\x00\x1b[31m\n", "caf\u00e9 \U0001f600", [], [[]],
                     [1, "a"], {}, {"a": {"b": []}}, "bert", "[UNK]", "WordPiece", "../../x", "\ud800"]
NAMES = ["", "x", "a.b", "embeddings.word_embeddings.weight", "bert.encoder.layer.0.x", "encoder.layer.7.output.dense.bias", "new\nline", "\u00e9", "__tensor__", "version"]


def cut(rng: random.Random, raw: bytes) -> bytes:
    """The beginning of the file, most often nearly all of it or nearly none."""
    return raw[: rng.choice([0, 1, 7, 8, 9, rng.randrange(len(raw) + 1), max(0, len(raw) - rng.randrange(40))])]


def flip(rng: random.Random, raw: bytes) -> bytes:
    """Up to eight bits turned, half of the time near the beginning, where headers are."""
    turned = bytearray(raw)
    for _ in range(rng.randrange(1, 9) if raw else 0):
        turned[rng.randrange(min(len(raw), rng.choice([64, 1000, len(raw)])))] ^= 1 << rng.randrange(8)
    return bytes(turned)


def splice(rng: random.Random, raw: bytes) -> bytes:
    """A piece of the file left out, doubled, or overwritten with zeros or noise."""
    start = rng.randrange(len(raw) + 1)
    end = min(len(raw), start + rng.choice([1, 8, 100, 10_000]))
    piece = rng.choice([b"", raw[start:end] * 2, bytes(end - start), rng.randbytes(end - start)])
    return raw[:start] + piece + raw[end:]


def noise(rng: random.Random, raw: bytes) -> bytes:
    """Something else altogether."""
    return rng.choice([b"", b"\0", rng.randbytes(rng.randrange(200)), b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000, b'{"n": ' + b"1" * 5000 + b"}", b"\xff\xfe{\0}\0", b"{}", b"[]",
                       b"null", b"<html>404</html>", b"version https://git-lfs.github.com/spec/v1\n", struct.pack("<Q", 2**63) + raw[8:], struct.pack("<Q", 2**20) + raw[8:]])


BYTES: list[Callable[[random.Random, bytes], bytes]] = [cut, flip, splice, noise]


def other_place(rng: random.Random, path: Path) -> None:
    """Nothing under the name, or a folder, or a link to nowhere or to itself."""
    path.unlink()
    rng.choice([lambda: None, path.mkdir, lambda: path.symlink_to("nowhere"), lambda: path.symlink_to(path.name)])()


def turn_json(rng: random.Random, content: Any) -> Any:
    """The same JSON with one to three places in it changed: a key lost, renamed or added, a value replaced."""
    for _ in range(rng.randrange(1, 4)):
        place = content
        while isinstance(place, (dict, list)) and place:
            key = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
            if isinstance(place[key], (dict, list)) and rng.random() < 0.8:
                place = place[key]
                continue
            change = rng.choice(["replace", "replace", "lose", "add"])
            if change == "replace":
                place[key] = rng.choice(VALUES)
            elif change == "lose":
                del place[key]
            elif isinstance(place, dict):
                place[rng.choice(NAMES)] = place.pop(key) if rng.random() < 0.5 else rng.choice(VALUES)
            break
    return content


def turn_tensors(rng: random.Random, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors but for one or two: lost, renamed, of another shape or kind, or with numbers that are none."""
    tensors = dict(tensors)
    for _ in range(rng.randrange(1, 3)):
        name = rng.choice(list(tensors))
        tensors |= {rng.choice([name, name, name, rng.choice(NAMES)]): turn_tensor(rng, tensors[name])}
        if rng.random() < 0.2:
            tensors.pop(name, None)
    return tensors


def turn_tensor(rng: random.Random, tensor: Tensor) -> Tensor:
    """Another shape, another kind, or numbers that are none."""
    flat = tensor.clone().reshape(-1)
    if flat.numel() and flat.is_floating_point():
        flat[rng.randrange(flat.numel())] = rng.choice([float("nan"), float("inf"), -float("inf"), 1e30])
    return rng.choice([lambda: flat, lambda: flat.reshape(tensor.shape), lambda: flat[1:].clone(), lambda: tensor[None], lambda: torch.ones(()), lambda: tensor.half(),
                       lambda: tensor.double(), lambda: tensor.bfloat16(), lambda: tensor.int(), lambda: tensor.bool(), lambda: tensor.to(torch.complex64), lambda: tensor[:0],
                       lambda: torch.zeros(0)])()


class Bomb:
    """What pickle calls when it opens this, if it may: makes the folder `canary`."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.call


def malicious(rng: random.Random, tensors: dict[str, Tensor], canary: Path) -> bytes:
    """A pickle that runs code when it is opened without care: as the whole, behind a right name, as a key; in all of torch's formats."""
    code = f"__import__('os').mkdir({str(canary)!r})"
    bomb = rng.choice([Bomb(os.mkdir, str(canary)), Bomb(eval, code), Bomb(builtins.exec, code), Bomb(os.system, f"mkdir {canary}"), Bomb(getattr, Bomb(__import__, "os"), "mkdir"),
                       Bomb(shutil.copytree, str(canary.parent), str(canary)), Bomb(torch.load, str(canary))])
    content = rng.choice([bomb, {**tensors, "x": bomb}, {**tensors, rng.choice(list(tensors)): bomb}, [bomb], {"state_dict": tensors, "args": bomb}])
    out = io.BytesIO()
    sort = rng.choice(["zip", "old", "plain"])
    if sort == "plain":
        return pickle.dumps(content, protocol=rng.randrange(5))
    torch.save(content, out, _use_new_zipfile_serialization=sort == "zip", pickle_protocol=rng.choice([2, 3, 4]))
    return out.getvalue()


def innocent(rng: random.Random, tensors: dict[str, Tensor]) -> bytes:
    """Pickles of right or nearly right content, none of which runs anything."""
    out = io.BytesIO()
    first = next(iter(tensors.values()))
    content = rng.choice([tensors, turn_tensors(rng, tensors), turn_tensors(rng, tensors), list(tensors.values()), {"model": tensors}, {**tensors, 3: first}, {**tensors, "epoch": 7}, first,
                          {**tensors, "a": first.to_sparse()}, {**tensors, "p": torch.nn.Parameter(first.float())}, {name: tensor.to("meta") for name, tensor in tensors.items()}, None, {}])
    torch.save(content, out, _use_new_zipfile_serialization=rng.random() < 0.7)
    return out.getvalue()


def turn_header(rng: random.Random, raw: bytes) -> bytes:
    """A safetensors file whose header, the JSON behind its length, is changed and whose length is right again."""
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.dumps(turn_json(rng, json.loads(raw[8 : 8 + size]))).encode("utf-8")
    return struct.pack("<Q", len(header)) + header + raw[8 + size :]
