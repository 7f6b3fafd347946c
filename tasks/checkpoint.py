"""Checkpoints: everything a run needs to go on, in one safetensors file that holds numbers and words, never code.

A state is a nested dict whose leaves are tensors or plain values (str, int, float, bool, None, lists of those):

    {"step": 12, "model": {"pooler.dense.bias": tensor, ...}, "optimizer": {...}}

The file holds each tensor under its path through the dicts joined by dots, "model.pooler.dense.bias", and beside the
tensors one JSON text in which {"__tensor__": that path} stands for each of them. So any safetensors reader opens it, and
opening it runs nothing: a pickle could.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import save_file
from torch import Tensor

from minbert.errors import UserError, first_line, plain
from minbert.files import write_atomically

FORMAT = "minbert checkpoint"  # the one key of the file's metadata: with two, their order would change from save to save
VERSION = 1
PLACE = "__tensor__"
State = dict[str, Any]


def save(path: Path, state: State) -> None:
    """Write `state` to `path`, replacing what was there in one move.

    Raises UserError when the disk is full or the folder read-only; the old file is then still there, whole.
    """
    tensors: dict[str, Tensor] = {}
    values = json.dumps(_take_tensors(state, "", tensors))
    _unshare(tensors)
    header = {"version": VERSION, "checksum": _checksum(values, tensors), "values": values}
    write_atomically(path, lambda beside: save_file(tensors, beside, {FORMAT: json.dumps(header)}))


def load(path: Path) -> State:
    """Read what `save` wrote; tensors come back on the CPU.

    Raises UserError in one sentence when the file is missing, cut short, damaged, of another kind or from the future.
    """
    if not path.is_file():
        raise UserError(f"no checkpoint at {path}: expected a file that `minbert train` saved.")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            header = _checked_header(path, file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
        if header["checksum"] != _checksum(header["values"], tensors):
            raise UserError(f"{path} is damaged: its bytes do not give the checksum written with them; use another checkpoint.")
        return _give_tensors(json.loads(header["values"]), tensors)
    except UserError:
        raise
    except Exception as error:  # damaged JSON and a damaged safetensors header can end in any exception
        raise UserError(f"{path} cannot be read as a checkpoint ({first_line(error)}): it was cut short or is a file "
                        "of another kind; use another checkpoint.") from error


def copy_tensors(saved: dict[str, Tensor], into: dict[str, Tensor], where: str) -> None:
    """Copy each saved tensor over the tensor of the same name, after checking every one of them.

    saved, into: name -> tensor, which must agree in names, shapes and dtypes. where: what to call it in an error.
    Raises UserError before anything is changed when they do not agree or a number is NaN or infinite.
    """
    expect_alike(saved, into, where)
    with torch.no_grad():
        for name, tensor in saved.items():
            into[name].copy_(tensor)


def expect_alike(saved: dict[str, Tensor], wanted: dict[str, Tensor], where: str) -> None:
    """Raise UserError unless `saved` has the names, shapes and dtypes of `wanted` (whose numbers are not looked at) and finite numbers."""
    for name in sorted(saved.keys() ^ wanted.keys()):
        state = "is missing" if name in wanted else "is not part of this model"
        raise UserError(f"{where}: tensor {plain(name)} {state}; the checkpoint belongs to another recipe or another version.")
    for name, tensor in saved.items():
        _check_alike(name, tensor, wanted[name], where)


def _check_alike(name: str, saved: Tensor, wanted: Tensor, where: str) -> None:
    if saved.shape != wanted.shape:
        raise UserError(f"{where}: tensor {plain(name)} has shape {tuple(saved.shape)}, expected {tuple(wanted.shape)}; "
                        "the checkpoint belongs to another recipe.")
    if saved.dtype != wanted.dtype:
        raise UserError(f"{where}: tensor {plain(name)} is {saved.dtype}, expected {wanted.dtype}; the checkpoint belongs to another recipe.")
    # NaN and infinity survive a sum, so one number tells about all of them.
    if saved.is_floating_point() and not torch.isfinite(saved.double().abs().sum() if saved.numel() else torch.zeros(())):
        raise UserError(f"{where}: tensor {plain(name)} holds NaN or infinity; training had diverged, so use an earlier checkpoint.")


def _take_tensors(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    """The plain part of `value`; its tensors go into `tensors` under their dotted paths."""
    if isinstance(value, Tensor):
        if path in tensors:
            raise UserError(f"two tensors of the state share the name {path}: rename one.")
        tensors[path] = value.detach().cpu()
        return {PLACE: path}
    if isinstance(value, dict):
        return {key: _take_tensors(item, f"{path}.{key}" if path else key, tensors) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_take_tensors(item, f"{path}.{index}", tensors) for index, item in enumerate(value)]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise UserError(f"a checkpoint holds tensors and plain values, but {path} is a {type(value).__name__}; leave it out.")


def _unshare(tensors: dict[str, Tensor]) -> None:
    # The file format wants each tensor in memory of its own; tied weights and strided views get a copy, all others none.
    seen: set[int] = set()
    for name, tensor in tensors.items():
        memory = tensor.untyped_storage()
        if memory.data_ptr() in seen or memory.nbytes() != tensor.nbytes or not tensor.is_contiguous():
            tensors[name] = tensor.clone(memory_format=torch.contiguous_format)
        seen.add(memory.data_ptr())


def _give_tensors(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {PLACE}:
            return tensors[value[PLACE]]
        return {key: _give_tensors(item, tensors) for key, item in value.items()}
    return [_give_tensors(item, tensors) for item in value] if isinstance(value, list) else value


def _checked_header(path: Path, metadata: dict[str, str]) -> dict[str, Any]:
    if FORMAT not in metadata:
        raise UserError(f"{path} is a safetensors file but not a minbert checkpoint; give one from a run's checkpoints folder.")
    header = json.loads(metadata[FORMAT])
    if header["version"] > VERSION:
        raise UserError(f"{path} is in checkpoint format {header['version']}, this minbert reads up to {VERSION}: install a newer minbert.")
    return header


def _checksum(values: str, tensors: dict[str, Tensor]) -> str:
    total = zlib.crc32(values.encode("utf-8"))
    for name in sorted(tensors):
        flat = tensors[name].reshape(-1)
        total = zlib.crc32(flat.view(torch.uint8).numpy() if flat.numel() else b"", zlib.crc32(name.encode("utf-8"), total))
    return f"{total:08x}"
