"""Weights in files: released names both ways against a table made apart, and a round trip through a folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from minbert.bert import Bert
from minbert.released_names import to_ours, to_released
from sanity_checks.judge import expect, refuses, same
from sanity_checks.reference import certificate, inputs, reference_bert


def names_translate_both_ways() -> None:
    """Each of our parameter names has its released name, and back."""
    for ours, released in certificate()["names"].items():
        expect(to_released(ours) == released, f"{ours} is written as {to_released(ours)}, expected {released}")
        expect(to_ours(released) == ours, f"{released} is read as {to_ours(released)}, expected {ours}")


def a_saved_encoder_comes_back() -> float:
    """An encoder saved to a folder and loaded again is bit for bit the same, and its file holds the released names."""
    bert = reference_bert().float()
    with tempfile.TemporaryDirectory() as folder:
        bert.save_pretrained(folder)
        back = Bert.from_pretrained(folder)
        written = load_file(Path(folder) / "model.safetensors")
    apart = sorted(set(written) ^ set(certificate()["names"].values()))
    expect(not apart, f"the file holds other names than the released ones: {apart[:3]}")
    expect(back.config == bert.config, "the configuration came back changed")
    expect(not back.training, "a loaded encoder is in train mode: two evaluations would differ")
    for name, value in bert.state_dict().items():
        expect(torch.equal(back.state_dict()[name], value), f"{name} came back changed")
    return same("pooler_output", back(*inputs()).pooler_output, bert(*inputs()).pooler_output, 0.0)


def a_file_with_prefix_and_heads_loads() -> None:
    """A file with the prefix `bert.`, the old names gamma and beta, and heads beside the encoder gives the same weights."""
    bert = reference_bert().float()
    with tempfile.TemporaryDirectory() as folder:
        bert.save_pretrained(folder)
        path = Path(folder) / "model.safetensors"
        old = {f"bert.{name}".replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): value
               for name, value in load_file(path).items()}
        save_file({**old, "cls.predictions.bias": torch.zeros(29)}, path)
        back = Bert.from_pretrained(folder).state_dict()
    for name, value in bert.state_dict().items():
        expect(torch.equal(back[name], value), f"{name} came back changed")


def a_missing_weight_is_refused() -> None:
    """A file without one of the weights is refused: the rest would silently stay random."""
    with tempfile.TemporaryDirectory() as folder:
        reference_bert().float().save_pretrained(folder)
        path = Path(folder) / "model.safetensors"
        save_file({name: value for name, value in load_file(path).items() if "layer.1.output.dense.weight" not in name}, path)
        refuses("a file without layer 1's output weight", Bert.from_pretrained, folder)


PROBES = (names_translate_both_ways, a_saved_encoder_comes_back, a_file_with_prefix_and_heads_loads, a_missing_weight_is_refused)
