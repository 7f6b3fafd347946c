"""Sharings inside whole runs: the ends of the scale are plain runs bit for bit, and what was trained is found again by everything that reads a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from whole_runs import lines, run, short

from minbert.errors import UserError
from tasks import checkpoint
from tasks.load_run import load_run

SUMMED = {"update": {"name": "summed"}}  # all three losses of the first step are taken before the first update
PALS = {"adapters": "pal", "adapter_size": 12}
EACH: dict[str, dict[str, Any]] = {
    "cerbertus-1": {"sharing": {"name": "cerbertus-1"}, "model": {"pairs": "cross", "pair_order": "random", "evaluate_order": "averaged"}},
    "triple": {"sharing": {"name": "triple"}, "model": {"pooling": "mean"}}, "multi+triple": {"sharing": {"name": "multi+triple"}, "model": {"heads": ("sts=cosine-2d+1",)}},
    "static+finetune": {"sharing": {"name": "static+finetune"}, "model": {"pooling": "max"}}, "pals in towers": {"sharing": {"name": "cerbertus-1", **PALS}},
    "adapters alone": {"sharing": PALS, "model": {"fine_tune_mode": "adapters"}}, "relation": {"model": {"relation": "shared"}},
    "frozen relation": {"model": {"relation": "shared", "fine_tune_mode": "last-linear-layer"}},
}  # fmt: skip


pytestmark = pytest.mark.usefixtures("no_finish")


def test_without_own_layers_a_whole_run_is_multi_bit_for_bit(data: Path, tmp_path: Path) -> None:
    one, other = (run(short(data, sharing=sharing), tmp_path / name) for name, sharing in {"multi": {}, "none": {"name": "cerbertus-0", "pooler": "shared"}}.items())
    first, second = (checkpoint.load(result.folder.last) for result in (one, other))
    assert first["model"].keys() == second["model"].keys() and all(torch.equal(first["model"][name], second["model"][name]) for name in first["model"])
    assert first["optimizer"].keys() == second["optimizer"].keys() and one.folder.metrics.read_bytes() == other.folder.metrics.read_bytes()


@pytest.mark.parametrize("sharing", [{"name": "cerbertus-1"}, {"name": "triple"}, PALS, {**PALS, "name": "cerbertus-1"}, {"adapters": "low-rank"}], ids=str)
def test_the_first_step_of_a_run_sees_the_losses_of_plain_bert_to_the_last_bit(sharing: dict[str, Any], data: Path, tmp_path: Path) -> None:
    """Dropout included: adapters draw no random number, and heads have generators of their own."""
    plain, shared = (run(short(data, sharing=each, **SUMMED), tmp_path / str(place)) for place, each in enumerate(({}, sharing)))
    assert lines(plain, "train")[0]["loss"] == lines(shared, "train")[0]["loss"]
    assert lines(plain, "train")[-1]["loss"] != lines(shared, "train")[-1]["loss"]


@pytest.mark.parametrize("name", EACH)
def test_the_model_in_the_run_folder_scores_as_it_did_in_training(name: str, data: Path, tmp_path: Path) -> None:
    result = run(short(data, **EACH[name]), tmp_path / "run")
    loaded = load_run(tmp_path / "run", device="cpu")
    dev = lines(result, "epoch")[-1]["dev"]
    for task in loaded.tasks.values():
        found = loaded.evaluate(task, loaded.encode(task, loaded.read(task, "dev")))
        assert found.score == pytest.approx(dev[task.name]["score"], abs=1e-6), task.name


def test_a_run_says_whose_its_weights_are_and_keeps_it(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    result = run(short(data, sharing={"name": "static+finetune", **PALS}), tmp_path / "run", say=said.append)
    kept = json.loads(result.folder.environment.read_text())["weights"]
    assert kept["static (frozen)"] == kept["shared"] and kept["sst"] == kept["quora"] == kept["sts"] > 0
    sentence = (f"Weights: {kept['shared']:,} shared, {kept['sst']:,} each for sst, quora, sts, {kept['shared']:,} in a copy that stays as it was, "
                f"{kept['heads']:,} in heads; {kept['learning']:,} of ")
    assert any(line.startswith(sentence) for line in said), said
    plain: list[str] = []
    run(short(data), tmp_path / "plain", say=plain.append)
    assert not any(line.startswith("Weights:") for line in plain)


def test_towers_deeper_than_the_encoder_are_told_before_the_run_begins(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match='sharing.name = "cerbertus-3" gives each task the top 3 layers, but this encoder has 2; try'):
        run(short(data, sharing={"name": "cerbertus-3"}), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_cannot_go_on_under_another_sharing(data: Path, tmp_path: Path) -> None:
    run(short(data, sharing={"name": "cerbertus-1"}), tmp_path / "run")
    with pytest.raises(UserError, match=r'was saved with sharing\.name = "cerbertus-1" and this run has sharing\.name = "multi"'):
        run(short(data), tmp_path / "run", resume=True)
