"""Checkpoints: what is saved comes back bit for bit, and a damaged file is refused in words."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch

from sanity_checks.judge import expect, refuses
from tasks.checkpoint import load, save

STATE = {"step": 12, "words": "r\u00e9sum\u00e9", "rates": [1e-5, 0.1, None], "flags": {"on": True},
         "model": {"weight": torch.arange(15.0).view(3, 5) / 7, "view": torch.arange(12.0).view(3, 4).T, "empty": torch.zeros(0, 3)},
         "optimizer": {"state": {"0": {"v": torch.full((2,), 1e-30, dtype=torch.float64)}}},
         "generator": torch.Generator().manual_seed(5).get_state()}


def _leaves(value: object, path: str = "") -> dict[str, object]:
    if isinstance(value, dict):
        return {inner: leaf for key, item in value.items() for inner, leaf in _leaves(item, f"{path}/{key}").items()}
    return {path: value}


def _alike(got: object, value: object) -> bool:
    if isinstance(value, torch.Tensor):
        return isinstance(got, torch.Tensor) and got.dtype == value.dtype and torch.equal(got, value)
    return got == value


def round_trip_is_exact() -> None:
    """Tensors of every type, shape and layout, and plain values, come back as they were."""
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder) / "a.safetensors", STATE)
        saved, back = _leaves(STATE), _leaves(load(Path(folder) / "a.safetensors"))
    expect(saved.keys() == back.keys(), f"entries were lost or added: {sorted(saved.keys() ^ back.keys())}")
    for path, value in saved.items():
        got = back[path]
        expect(_alike(got, value), f"{path} came back changed")


def a_damaged_file_is_refused() -> None:
    """A file cut short, a flipped bit and a file of another kind are refused with a sentence, not loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.safetensors"
        save(path, STATE)
        whole = path.read_bytes()
        flipped = whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]
        for what, content in (("a file cut short", whole[:-20]), ("a file with a flipped bit", flipped), ("a text file", b"hello")):
            path.write_bytes(content)
            refuses(what, load, path)
        refuses("a missing file", load, Path(folder) / "none.safetensors")


def saving_leaves_nothing_else() -> None:
    """A second save replaces the first and leaves no other file behind."""
    with tempfile.TemporaryDirectory() as folder:
        for step in (1, 2):
            save(Path(folder) / "a.safetensors", {"step": step})
        expect([path.name for path in Path(folder).iterdir()] == ["a.safetensors"], "saving left other files beside the checkpoint")
        expect(load(Path(folder) / "a.safetensors")["step"] == 2, "the second save did not replace the first")


PROBES = (round_trip_is_exact, a_damaged_file_is_refused, saving_leaves_nothing_else)
