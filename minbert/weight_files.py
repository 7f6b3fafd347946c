"""Reading tensors from model.safetensors or pytorch_model.bin, and writing them, without ever running code that a file brings along."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from minbert.errors import UserError, first_line, shown
from minbert.files import write_bytes

SAFETENSORS, PICKLED = "model.safetensors", "pytorch_model.bin"  # looked for in this order: where both are, the one that cannot hold code
FLOATS = (torch.float32, torch.float16, torch.bfloat16, torch.float64)


def weights_path(folder: Path) -> Path:
    """The weights file of a folder, model.safetensors before pytorch_model.bin; `UserError` when there is none."""
    for name in (SAFETENSORS, PICKLED):
        if (folder / name).is_file():
            return folder / name
    for name in (SAFETENSORS, PICKLED):
        if (folder / f"{name}.index.json").is_file():
            raise UserError(
                f"{folder} holds weights in several shards ({name}.index.json), expected one file; "
                "open it in transformers and save it again with max_shard_size='100GB'."
            )
    raise UserError(f"{folder} holds no weights, expected {SAFETENSORS} or {PICKLED}.")


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors of a weights file by the names in it, as stored; they own their memory, so the file may change later.

    Raises `UserError` when the file is cut off, is not what its name says, or asks for code to be run.
    """
    return _read_safetensors(path) if path.suffix == ".safetensors" else _read_pickled(path)


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return safetensors.torch.load_file(path)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise UserError(f"{path} is no readable safetensors file ({first_line(error)}): cut off or damaged? Fetch or copy it again.") from None


def _read_pickled(path: Path) -> dict[str, Tensor]:
    try:
        # weights_only: a pickle may name any function to call; this reader knows tensors and plain containers and refuses the rest.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch muses about how the file was pickled; it opens, or the sentence below says why not
            # cpu: a file saved on a GPU names it, and would fail to open where there is none.
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UserError(f"{path} is refused: it holds something else than tensors, which could run code ({_culprit(error)}); use safetensors.") from None
    except Exception as error:  # noqa: BLE001  (a damaged pickle can end in any exception, from EOFError to struct.error)
        raise UserError(f"{path} is no readable PyTorch file ({first_line(error)}): cut off or damaged? Fetch or copy it again.") from None
    return _expect_flat(path, content)


def _expect_flat(path: Path, content: Any) -> dict[str, Tensor]:
    if not isinstance(content, dict):
        raise UserError(f"{path} holds a {type(content).__name__}, expected a dictionary of names and tensors.")
    for name, value in content.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise UserError(f"{path}: entry {shown(name)} is {type(value).__name__}, expected a name and a tensor; save model.state_dict() alone.")
        if value.layout != torch.strided or value.is_meta:
            raise UserError(f"{path}: entry {shown(name)} is sparse or without its numbers, expected a plain tensor; save model.state_dict() alone.")
    return content


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write a safetensors file in one move; equal tensors in an equal order give equal bytes."""
    # Clones, because safetensors refuses tensors that share memory; "pt" tells transformers which framework wrote the file.
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in sorted(tensors.items())}
    write_bytes(path, safetensors.torch.save(plain, metadata={"format": "pt"}))


def expect_usable(tensors: Mapping[str, Tensor], where: str, spelling: Callable[[str], str] = str) -> None:
    """Raise `UserError` naming, in the given spelling, the first tensor that holds whole numbers, NaN or infinity."""
    for ours, tensor in tensors.items():
        name = spelling(ours)
        if tensor.dtype not in FLOATS:
            kinds = ", ".join(str(kind).removeprefix("torch.") for kind in FLOATS)
            raise UserError(f"{where}: {name} is stored as {str(tensor.dtype).removeprefix('torch.')}, expected one of {kinds}.")
        if not torch.isfinite(tensor).all():
            bad = int((~torch.isfinite(tensor)).sum())
            raise UserError(f"{where}: {name} holds {bad} numbers that are NaN or infinite, expected none; the training that wrote it diverged.")


def _culprit(error: Exception) -> str:
    # torch's message is a page of advice, the advice to switch the safety off included; one line of it names what was refused.
    lines = [line.strip() for line in str(error).splitlines()]
    named = [line for line in lines if "GLOBAL" in line or "Unsupported" in line]
    return first_line(ValueError((named or lines or ["unknown content"])[0].split(". ")[0]))
