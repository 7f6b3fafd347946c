"""What a stage's loss is: the invariants of SimCSE and of masked words, asked of the stages as a run builds them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from small_run import small_recipe

from minbert.errors import UserError
from minbert.mlm import MaskedLanguageModel
from minbert.tokenizer import Tokenizer
from regularizers.simcse import simcse_loss
from tasks.recipe_tasks import tasks_of
from tasks.setup_run import load_encoder
from tasks.splits import read_splits
from tasks.stages_mlm import MlmStage
from tasks.stages_run import StageProgress, StageRun
from tasks.stages_scores import ranks, spearman
from tasks.stages_simcse import SimcseStage
from tasks.stages_texts import Ground


def ground_of(data: Path, **sections: Any) -> Ground:
    recipe = small_recipe(data, data={"folder": str(data), "max_length": 32, "limit": 20}, **sections)
    splits = read_splits(recipe, tasks_of(recipe), lambda sentence: None)
    return Ground(recipe, tasks_of(recipe), splits["train"], splits["dev"], Tokenizer.from_pretrained("tiny"), torch.device("cpu"), lambda sentence: None)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(7)


def simcse(data: Path, dropout: float = 0.1, **settings: Any) -> StageRun:
    ground = ground_of(data, simcse=settings, stages={"run": ("simcse",)}, model={"hidden_dropout": dropout, "attention_dropout": dropout})
    run = StageRun("simcse", SimcseStage(ground, load_encoder(ground.recipe), generator()), ground, StageProgress())
    run.stage.model.train()
    return run


def mlm(data: Path, **settings: Any) -> StageRun:
    ground = ground_of(data, mlm=settings, stages={"run": ("mlm",)})
    run = StageRun("mlm", MlmStage(ground, load_encoder(ground.recipe), generator()), ground, StageProgress())
    run.stage.model.train()
    return run


def texts_file(path: Path, *texts: str) -> str:
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return str(path)


def test_equal_sentences_cost_ln_b_unless_equal_texts_are_known(data: Path, tmp_path: Path) -> None:
    """Without dropout equal texts have equal vectors: a guess among B; told that they are the same text, there is nobody to confuse one with."""
    same = texts_file(tmp_path / "same.txt", *["the dog was good"] * 23)
    for duplicates, expected in (("negatives", math.log(23)), ("grouped", 0.0)):
        run = simcse(data, dropout=0.0, texts=(same,), duplicates=duplicates, batch_size=23)
        assert run.stage.loss(next(run.stream), 0).item() == pytest.approx(expected, abs=1e-5)
    once = simcse(data, texts=(same, texts_file(tmp_path / "other.txt", "a cat", "a cat ", "A dog.")), duplicates="once")
    assert len(once.stage.texts) == 3


def test_the_two_views_differ_by_dropout_and_without_it_are_one(data: Path) -> None:
    for dropout, differ in ((0.1, True), (0.0, False)):
        run = simcse(data, dropout=dropout)
        one, other = run.stage.views(next(run.stream))
        cosines = torch.cosine_similarity(one, other)
        assert bool((cosines < 0.9999).all()) is differ and bool((one != other).any()) is differ


def test_the_slopes_reach_the_encoder_through_both_views(data: Path) -> None:
    run = simcse(data, batch_size=11)
    batch, weight = next(run.stream), run.stage.model.bert.layers[0].attention.query.weight
    slopes = []
    for keep in (slice(None), slice(0, 1), slice(1, 2)):
        torch.manual_seed(3)
        views = [view if place in range(2)[keep] else view.detach() for place, view in enumerate(run.stage.views(batch))]
        slopes.append(torch.autograd.grad(simcse_loss(*views, groups=run.stage.groups[list(batch.indices)]), weight)[0])
    assert slopes[1].abs().max() > 1e-6 and slopes[2].abs().max() > 1e-6
    assert torch.allclose(slopes[0], slopes[1] + slopes[2], atol=1e-6)


def test_a_head_for_training_is_left_out_of_looks_and_of_the_encoder_and_one_that_is_kept_is_the_pooler(data: Path) -> None:
    for head in ("drop", "keep", "none"):
        run = simcse(data, head=head, lr=1e-2, steps=3, batch_size=13)
        pooler = run.stage.model.bert.pooler.dense.weight.clone()
        run.step()
        batch = next(run.stream)
        run.stage.model.eval()
        vectors = run.stage.model(batch.input_ids, batch.attention_mask)
        output = run.stage.encoder()(batch.input_ids, batch.attention_mask)
        expected = output.pooler_output if head == "keep" else output.last_hidden_state[:, 0]
        assert torch.allclose(vectors, expected, atol=1e-6)
        assert torch.equal(run.stage.model.bert.pooler.dense.weight, pooler) is (head != "keep")


def test_mean_pooling_reads_the_tokens_and_not_the_padding(data: Path) -> None:
    run = simcse(data, pooling="mean", head="none")
    run.stage.model.eval()
    ids = torch.tensor([[101, 300, 400, 102, 0, 0]])
    mask = (ids != 0).long()
    states = run.stage.model.bert(ids, mask).last_hidden_state
    assert torch.allclose(run.stage.model(ids, mask), states[:, :4].mean(1), atol=1e-6)


def test_hard_negatives_raise_the_loss_and_their_weight_raises_it_more(data: Path, tmp_path: Path) -> None:
    rows = [f"the dog {letter}\ta good dog {letter}\tthe dog {letter} not" for letter in "abcdefghijklm"]
    path = texts_file(tmp_path / "triples.csv", "anchor\tpositive\tnegative", *rows)
    plain, weighed = (simcse(data, dropout=0.0, triples=path, hard_weight=weight, batch_size=13) for weight in (0.0, math.log(3)))
    batch = next(plain.stream)
    first, second, negatives = plain.stage.views(batch)
    assert len(batch.input_ids) == 39 and first.shape == (13, 32)
    assert simcse_loss(first, second).item() < plain.stage.loss(batch, 0).item() < weighed.stage.loss(batch, 0).item()
    assert plain.stage.loss(batch, 0).item() == pytest.approx(simcse_loss(first, second, negatives).item(), abs=1e-6)


def test_the_decoder_stays_the_word_embeddings_through_training_and_saving(data: Path, tmp_path: Path) -> None:
    run = mlm(data, lr=1e-2, held_out=0.0)
    before = run.stage.model.words.clone()
    for _ in range(2):
        run.step()
    model = run.stage.model
    assert model.words is model.bert.embeddings.word.weight and not torch.equal(model.words, before)
    assert sum(tensor.shape == before.shape for tensor in model.state_dict().values()) == 1
    model.save_pretrained(tmp_path / "saved")
    again = MaskedLanguageModel.from_pretrained(tmp_path / "saved")
    ids = torch.tensor([[101, 300, 103, 400, 102]])
    assert again.words is again.bert.embeddings.word.weight and torch.equal(again(ids), model.eval()(ids))


def test_static_masks_belong_to_the_text_in_whatever_batch_and_dynamic_ones_are_new(data: Path) -> None:
    def masks(run: StageRun) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
        found: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
        for _ in range(2 * run.stream.batches_per_epoch):
            batch = next(run.stream)
            labels = run.stage.mask(batch, run.stream.epoch).labels
            for index, row in zip(batch.indices, labels.tolist()):
                found.setdefault((run.stream.epoch, index), []).append(tuple(label for label in row if label != -100))
        return found

    small, large = (masks(mlm(data, masks="static", copies=2, batch_size=size, held_out=0.0)) for size in (7, 31))
    assert small == large and any(small[0, index] != small[1, index] for index in range(20))
    assert masks(mlm(data, masks="static", copies=1, batch_size=7, held_out=0.0))[0, 3] == masks(mlm(data, masks="static", copies=1, batch_size=5, held_out=0.0))[1, 3]
    assert masks(mlm(data, batch_size=7, held_out=0.0)) != masks(mlm(data, batch_size=31, held_out=0.0))


def test_texts_held_out_are_never_learned_from_and_look_the_same_each_time(data: Path) -> None:
    run = mlm(data, held_out=0.3)
    learned = {ids for row in run.stage.texts.sequences for ids in map(tuple, row)}
    held_out = {ids for row in run.stage.held_out.sequences for ids in map(tuple, row)}
    assert not learned & held_out and len(run.stage.held_out) == 30
    first = run.stage.look()
    assert run.stage.look() == first and run.stage.model.training  # eval mode is left again
    assert math.isclose(first["held out"]["loss"], math.log(653), rel_tol=0.2)  # a guess among the words of tiny, as its head is new
    run.step()
    assert run.stage.look() != first


def test_the_released_head_is_used_where_there_is_one_and_a_new_one_is_said(data: Path, tmp_path: Path) -> None:
    run = mlm(data)
    run.stage.model.save_pretrained(tmp_path / "weights")
    said: list[str] = []
    for weights, is_new in (("tiny", True), (str(tmp_path / "weights"), False)):
        ground = ground_of(data, stages={"run": ("mlm",)})
        ground = Ground(ground.recipe.__class__(**{**vars(ground.recipe), "weights": weights}), ground.tasks, ground.train, ground.dev, ground.tokenizer, ground.device, said.append)
        head = MlmStage(ground, load_encoder(ground.recipe), torch.Generator().manual_seed(99)).model.head
        assert torch.equal(head.dense.weight, run.stage.model.head.dense.weight) is not is_new
        assert any("tiny has no head for masked words (cls.predictions.*), so a new one is drawn" in sentence for sentence in said) is is_new
        said.clear()


def test_spearman_is_pearson_of_ranks_and_equal_numbers_share_one() -> None:
    numbers = torch.tensor([3.0, 1.0, 3.0, 8.0, 3.0])
    assert ranks(numbers).tolist() == [3.0, 1.0, 3.0, 5.0, 3.0]
    values = torch.tensor([0.1, 0.4, 0.2, 0.9, 0.5])
    assert spearman(values, values.exp() ** 3) == pytest.approx(1.0) and spearman(values, -values) == pytest.approx(-1.0)
    assert spearman(torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 3.0, 2.0, 4.0])) == pytest.approx(0.8)  # 1 - 6 * 2 / (4 * 15)


def test_the_looks_read_cosines_of_pairs_encoded_apart_whatever_the_tasks_do(data: Path) -> None:
    apart, crossed = (simcse(data, dropout=0.0) for _ in range(2))
    crossed.stage.ground = ground_of(data, model={"pairs": "cross", "hidden_dropout": 0.0, "attention_dropout": 0.0})
    assert apart.stage.look() == SimcseStage(crossed.stage.ground, load_encoder(crossed.recipe), generator()).look()
    assert set(apart.stage.look()["sts"]) == {"pearson", "spearman"}


@pytest.mark.parametrize("name", ["simcse", "mlm"])
def test_rates_decay_and_schedule_of_a_stage_reach_its_tensors(name: str, data: Path) -> None:
    """`tiny` has two layers: the lower one learns at layer_decay of the upper one, norms and biases are not decayed, step 0 of a warm-up is still."""
    build = {"simcse": simcse, "mlm": mlm}[name]
    run = build(data, lr=0.5, layer_decay=0.25, weight_decay=0.3, steps=10, warmup=0.2)
    names = {id(parameter): key for key, parameter in run.stage.model.named_parameters()}
    found = {names[id(each)]: (group["initial_lr"], group["weight_decay"]) for group in run.optimizer.param_groups for each in group["params"]}
    assert found["bert.layers.0.attention.query.weight"] == (0.125, 0.3) and found["bert.layers.1.attention.query.bias"] == (0.5, 0.0)
    assert found["bert.embeddings.word.weight"] == found["head.dense.weight"] == (0.5, 0.3) and found["bert.embeddings.norm.weight"] == (0.5, 0.0)
    before, rates = run.stage.model.bert.embeddings.word.weight.clone(), []
    for step in range(3):
        rates.append(run.optimizer.param_groups[0]["lr"] / run.optimizer.param_groups[0]["initial_lr"])
        run.step()
        assert torch.equal(run.stage.model.bert.embeddings.word.weight, before) is (step == 0)
    assert rates == [0.0, 0.5, 1.0]


def test_the_gradient_of_a_stage_is_clipped_and_a_loss_that_is_no_number_stops_it_untouched(data: Path) -> None:
    free, held = (mlm(data, clip=clip, lr=1e-3, held_out=0.0) for clip in (0.0, 0.01))
    lengths = []
    for run in (free, held):
        torch.manual_seed(3)
        lengths.append(run.step())
    left = [torch.stack([each.grad.norm() for each in run.stage.model.parameters() if each.grad is not None]).norm().item() for run in (free, held)]
    assert lengths[0] == pytest.approx(lengths[1]) and left[0] == pytest.approx(lengths[0], rel=1e-4) and left[1] == pytest.approx(0.01, rel=1e-4)
    with torch.no_grad():
        held.stage.model.head.bias[5] = torch.nan
    before = held.stage.model.bert.layers[0].attention.query.weight.clone()
    with pytest.raises(UserError, match=r"^the stage mlm stopped at step 2: the loss is nan; the weights were not touched by it, so lower mlm\.lr or set mlm\.clip to 1"):
        held.step()
    assert torch.equal(held.stage.model.bert.layers[0].attention.query.weight, before)


def test_what_a_recipe_says_of_masks_and_of_the_loss_reaches_them(data: Path) -> None:
    run = mlm(data, rate=0.9, masked=1.0, replaced=0.0, choose="count", most=3)
    masked = run.stage.mask(next(run.stream), 0)
    chosen = masked.labels != -100
    assert int(chosen.sum(1).max()) == 3 and (masked.input_ids[chosen] == Tokenizer.from_pretrained("tiny").mask_id).all()
    sharp, flat = (simcse(data, temperature=temperature, dropout=0.0) for temperature in (0.01, 10.0))
    batch = next(sharp.stream)
    views, groups = sharp.stage.views(batch), sharp.stage.groups[list(batch.indices)]
    for each, temperature in ((sharp, 0.01), (flat, 10.0)):
        assert each.stage.loss(batch, 0).item() == pytest.approx(simcse_loss(*views, temperature=temperature, groups=groups).item(), rel=1e-4)


def test_the_head_reads_the_pooled_vector_whatever_the_pooling(data: Path) -> None:
    for pooling in ("cls", "mean"):
        model = simcse(data, dropout=0.0, pooling=pooling).stage.model
        ids = torch.tensor([[101, 300, 400, 102, 0, 0]])
        states = model.bert(ids, (ids != 0).long()).last_hidden_state
        pooled = states[:, 0] if pooling == "cls" else states[:, :4].mean(1)
        assert torch.allclose(model(ids, (ids != 0).long()), torch.tanh(model.head.dense(pooled)), atol=1e-6)
