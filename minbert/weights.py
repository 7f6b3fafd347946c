"""Pretrained encoders in and out: released files <-> (BertConfig, tensors by our names).

    load:  file -> strip prefix, modern spelling -> encoder | heads -> every name, shape and number checked -> float32
    save:  every name and shape checked -> released names -> config.json + model.safetensors, which `transformers` opens
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from minbert.config import BertConfig
from minbert.errors import UserError, first_line, shown
from minbert.files import write_text
from minbert.known_weights import known_weights
from minbert.released_names import ENCODER_ROOMS, POOLER, parameter_shapes, strip, to_ours, to_released
from minbert.sources import resolve
from minbert.tiny import is_tiny, tiny_config, tiny_state
from minbert.weight_files import SAFETENSORS, expect_usable, read_tensors, weights_path, write_tensors


@dataclass(frozen=True)
class Released:
    """What a folder of released weights holds."""

    config: BertConfig
    state: dict[str, Tensor]  # the encoder by our names, float32, in the model's order
    heads: dict[str, Tensor] = field(default_factory=dict)  # everything else by its released name, such as cls.predictions.bias


def load_released(name_or_folder: str | os.PathLike[str], pooler_generator: torch.Generator | None = None) -> Released:
    """Read `bert-base-uncased`, `minilm`, `tiny` or a folder; half precision becomes float32, heads are kept apart.

    pooler_generator: a file without a pooler (BERT trained on masked words alone) is refused, unless this generator is given to draw one from
    N(0, initializer_range^2): random weights only when asked for.
    Raises `UserError` naming the file and the keys that are missing, unexpected, mis-shaped, not floating point, NaN or infinite.
    """
    if is_tiny(name_or_folder):
        return Released(tiny_config(), tiny_state())
    known = known_weights(name_or_folder)
    folder = resolve(name_or_folder, needs=("weights",))
    config = known.config if known else read_config(folder)  # a known name's config is ours, so nothing downloaded can change it
    path = weights_path(folder)
    state, heads = split_encoder(read_tensors(path), str(path))
    if pooler_generator is not None and not any(name in state for name in POOLER):
        state |= _fresh_pooler(config, pooler_generator)
    expect_parameters(state, config, str(path), spelling=to_released)
    expect_usable(state, str(path), spelling=to_released)
    # Float32 whatever is stored: summing in half precision would lose digits in every layer.
    return Released(config, {name: state[name].float() for name in parameter_shapes(config)}, heads)


def load_encoder(
    name_or_folder: str | os.PathLike[str], pooler_generator: torch.Generator | None = None
) -> tuple[BertConfig, dict[str, Tensor]]:
    """The configuration and the encoder's tensors by our names; arguments and errors as in `load_released`."""
    released = load_released(name_or_folder, pooler_generator)
    return released.config, released.state


def save_encoder(
    folder: str | os.PathLike[str], config: BertConfig, state: Mapping[str, Tensor], heads: Mapping[str, Tensor] | None = None
) -> None:
    """Write config.json and model.safetensors with released names, each in one move.

    state: our names -> tensors, of the shapes that `config` says.  heads: extra tensors by released name, such as cls.predictions.bias; encoder
    names then carry the prefix `bert.`, as in released files with heads.  Raises `UserError` before anything is written.
    """
    expect_parameters(state, config, "the encoder to save")
    expect_usable(state, "the encoder to save")
    prefix = "bert." if heads else ""  # transformers tells files with and without heads apart by this
    tensors = {prefix + to_released(ours): tensor for ours, tensor in state.items()}
    write_tensors(Path(folder) / SAFETENSORS, {**tensors, **(heads or {})})
    write_text(Path(folder) / "config.json", config.to_json())


def read_config(folder: Path) -> BertConfig:
    """The `BertConfig` of a folder's config.json; `UserError` if it is missing or describes something else than BERT."""
    path = folder / "config.json"
    try:
        return BertConfig.from_json(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise UserError(f"{folder} holds no config.json, expected one that describes the BERT in it.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read ({first_line(error)}), expected JSON in UTF-8.") from None


def split_encoder(tensors: Mapping[str, Tensor], where: str) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Divide a file's tensors into the encoder's, by our names, and the heads', by released names; a name in neither is a `UserError`."""
    state, heads, unexpected = {}, {}, []
    for name, short in strip(list(tensors), where).items():
        ours = to_ours(short)
        if ours is not None:
            state[ours] = tensors[name]
        elif short.startswith(ENCODER_ROOMS):  # inside the encoder, and not BERT's: silence here would mean wrong outputs
            unexpected.append(name)
        else:
            heads[short] = tensors[name]
    if unexpected:
        raise UserError(f"{where} holds unexpected weights {_listed(unexpected)}, expected those of a BERT encoder; is it another kind of model?")
    return state, heads


def expect_parameters(state: Mapping[str, Tensor], config: BertConfig, where: str, spelling: Callable[[str], str] = str) -> None:
    """Raise `UserError` unless `state` holds exactly the parameters of `config`, by our names and in the right shapes.

    spelling: turns our name into the one that the reader of the message will find, in a released file for example.
    """
    shapes = parameter_shapes(config)
    missing, extra = [name for name in shapes if name not in state], [name for name in state if name not in shapes]
    if missing == list(POOLER) and not extra:  # a whole kind of checkpoint, so it gets a sentence with a way out
        raise UserError(f"{where} has no pooler ({_listed(map(spelling, POOLER))}); pooler_generator=torch.Generator() draws one, to be trained.")
    sizes = f"a BERT of {config.num_hidden_layers} layers"
    if missing:
        raise UserError(f"{where} lacks {_listed(map(spelling, missing))}, expected all {len(shapes)} weights of {sizes}; is config.json the right one?")
    if extra:
        raise UserError(f"{where} holds unexpected weights {_listed(map(spelling, extra))}, expected {sizes}; is config.json the right one?")
    for name, shape in shapes.items():
        if tuple(state[name].shape) != shape:
            raise UserError(f"{where}: {spelling(name)} has shape {tuple(state[name].shape)}, expected {shape} by its config; is config.json the right one?")


def _fresh_pooler(config: BertConfig, generator: torch.Generator) -> dict[str, Tensor]:
    width = config.hidden_size
    weight = torch.empty(width, width).normal_(0.0, config.initializer_range, generator=generator)  # (C, C)
    return {"pooler.dense.weight": weight, "pooler.dense.bias": torch.zeros(width)}


def _listed(names: Iterable[str], most: int = 3) -> str:
    names = [name if name.isprintable() and name.isascii() and len(name) <= 90 else shown(name) for name in names]  # a damaged file may hold anything
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
