"""The stored references: small, described by their certificate, protected against change, and made anew bit for bit."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import pytest

from sanity_checks import reference as stored
from sanity_checks.judge import CheckFailed
from sanity_checks.oracles.pretrained import figures
from sanity_checks.reference import CONFIG, FOLDER, certificate, filled, part, reference


def test_the_certificate_says_how_the_reference_was_made() -> None:
    assert {"what", "command", "seed", "versions", "sizes", "names", "sha256"} <= certificate().keys()
    assert certificate()["sizes"]["hidden_size"] == CONFIG.hidden_size
    assert certificate()["sha256"]["encoder.safetensors"] == hashlib.sha256((FOLDER / "encoder.safetensors").read_bytes()).hexdigest()


def test_all_references_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 200_000


def test_sizes_are_pairwise_different() -> None:
    head_width = CONFIG.hidden_size // CONFIG.num_attention_heads
    sizes = [CONFIG.vocab_size, CONFIG.hidden_size, CONFIG.num_attention_heads, head_width, CONFIG.intermediate_size, CONFIG.max_position_embeddings,
             certificate()["sizes"]["T"], certificate()["sizes"]["B"]]
    assert len(set(sizes)) == len(sizes)


def test_a_changed_reference_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "encoder.safetensors").write_bytes((FOLDER / "encoder.safetensors").read_bytes()[:-1] + b"\x01")
    monkeypatch.setattr(stored, "FOLDER", tmp_path)
    stored._stored.cache_clear()
    try:
        with pytest.raises(CheckFailed, match="the stored reference encoder.safetensors was changed"):
            reference()
    finally:
        stored._stored.cache_clear()


def test_one_probe_cannot_spoil_the_reference_for_the_next() -> None:
    reference()["pooled"].zero_()
    assert reference()["pooled"].abs().max() > 0


def test_renamed_parameters_are_named() -> None:
    from torch import nn

    with pytest.raises(CheckFailed, match=r"parameter names differ: missing dense.bias, dense.weight; unexpected bias, weight"):
        filled(nn.Linear(15, 15), "pooler")
    assert set(part("pooler")) == {"dense.weight", "dense.bias"}


def test_weights_are_large_and_norms_random_so_that_mistakes_show() -> None:
    weights = part("")
    assert all(value.std() > 0.1 for value in weights.values())
    assert (weights["layers.0.attention_norm.weight"] - weights["layers.0.feed_forward_norm.weight"]).abs().max() > 0.1


@pytest.mark.parametrize("name", ["bert-base-uncased", "minilm"])
def test_published_figures_are_a_short_list_with_their_source(name: str) -> None:
    listed = figures(name)
    assert listed["source"] and [len(each["first_numbers"]) for each in listed["tokens"]] == [6, 6, 6]
    assert sum(len(each["first_numbers"]) for each in listed["pooled"]) == 6
    assert all(math.isfinite(number) for each in (*listed["tokens"], *listed["pooled"]) for number in each["first_numbers"])


def test_the_script_makes_the_same_bytes_again() -> None:
    pytest.importorskip("transformers")
    from safetensors.torch import load, save

    from sanity_checks.make_references import names, oracle, tensors

    made = load(save(tensors(oracle())))
    assert names() == certificate()["names"] and made.keys() == reference().keys()
    for name, value in reference().items():
        # Bit for bit on one machine; another processor may round the last digit otherwise.
        assert (made[name] - value).abs().max() <= 1e-12, name


def test_without_transformers_the_script_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from minbert.errors import UserError
    from sanity_checks.make_references import oracle

    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(UserError, match=r'which is not installed: pip install "minbert\[test\]"'):
        oracle()


def test_the_course_s_figures_are_in_json_that_a_person_can_read() -> None:
    assert json.loads((FOLDER / "bert-base-uncased.json").read_text(encoding="utf-8"))["texts"][0] == "hello world"


def test_a_released_model_that_gives_other_numbers_is_told_both() -> None:
    import torch

    from sanity_checks.oracles.pretrained import _near

    assert _near("token 0", torch.tensor([0.5, 0.25, 9.0]), [0.5, 0.25]) == 0.0
    with pytest.raises(CheckFailed, match=r"token 0 starts with \[0.5, 0.25\], published are \[0.5, 0.26\]"):
        _near("token 0", torch.tensor([0.5, 0.25]), [0.5, 0.26])
