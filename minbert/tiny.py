"""`tiny`: a random BERT made on the spot, for tests and a first look.  No download, and the same bytes on every machine."""

from __future__ import annotations

import os
import string
from pathlib import Path

import torch
from torch import Tensor

from minbert.config import BertConfig
from minbert.files import write_text
from minbert.released_names import parameter_shapes, to_released
from minbert.tiny_words import WORDS
from minbert.weight_files import SAFETENSORS, write_tensors

NAME, SEED, SCALE = "tiny", 1810, 0.25
SPECIALS = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}  # where the real vocabulary has them


def is_tiny(name_or_folder: str | os.PathLike[str]) -> bool:
    """Whether the name `tiny` was given; a path object always means a folder."""
    return isinstance(name_or_folder, str) and name_or_folder == NAME


def tiny_config() -> BertConfig:
    """2 layers, C = 32, 4 heads: about 50,000 numbers, with all 512 positions so that no real text is too long."""
    return BertConfig(
        vocab_size=len(tiny_vocabulary()), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, initializer_range=SCALE
    )


def tiny_vocabulary() -> list[str]:
    """Special tokens at their real ids, every printable ASCII character alone and as a continuation, and common English words."""
    reserved = [SPECIALS.get(i, f"[unused{i}]") for i in range(104)]
    characters = [c for c in map(chr, range(33, 127)) if c not in string.ascii_uppercase]  # uncased: capitals never reach the vocabulary
    pieces = [*reserved, *characters, *(f"##{c}" for c in characters), *WORDS.split()]
    return list(dict.fromkeys(pieces))  # "a" and "i" are words as well as characters


def tiny_state() -> dict[str, Tensor]:
    """The encoder's tensors by our names: uniform in [-SCALE, SCALE), LayerNorm gains moved to around 1.

    Nothing is 0 or 1, biases and gains included, and the scale is large: then every mistake shows, which fresh BERT weights (0.02) would hide.
    """
    generator = torch.Generator().manual_seed(SEED)
    state = {}
    for name, shape in parameter_shapes(tiny_config()).items():
        whole = torch.randint(-(2**15), 2**15, shape, generator=generator)  # whole numbers, then exact steps: no machine rounds differently
        state[name] = whole.float() * (SCALE / 2**15) + (1.0 if name.endswith("norm.weight") else 0.0)
    return state


def write_tiny(folder: Path) -> Path:
    """Write config.json, model.safetensors and vocab.txt of `tiny` into `folder` and return it; the bytes are always the same."""
    write_tensors(folder / SAFETENSORS, {to_released(name): tensor for name, tensor in tiny_state().items()})
    write_text(folder / "config.json", tiny_config().to_json())
    write_text(folder / "vocab.txt", "".join(f"{piece}\n" for piece in tiny_vocabulary()))
    return folder
