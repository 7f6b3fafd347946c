"""Pairs that are embedded apart and read together: what the model answers, what a regularizer moves, and what pads and other rows may not change."""

from __future__ import annotations

import pytest
import torch
from impossible_settings import each_of, expect_impossible
from minbert_small import SMALL
from tasks_small import seeded, small_batch, small_model

from minbert.embedding_order import SECOND_CLS, TYPES, embed_then_join
from minbert.errors import UserError
from regularizers import Smart, SmartSettings, divergence
from tasks.cross_embedding import CrossAttention
from tasks.exit_inference import LeavingEarly
from tasks.exit_rules import ExitRule
from tasks.exits import make_exits, walk_exits
from tasks.joined_path import mask_of
from tasks.processes import World
from tasks.recipe_joined import JOINED_COMBINATIONS
from tasks.shards import part_of

JOINED, CROSSED = "model.pairs=joined", "model.pairs=cross-attention"
IMPOSSIBLE = [
    (["model.second_cls=dropped"], ('model.joined_types and model.second_cls are about embeddings that are joined, but model.pairs = "siamese" joins none; '
     'try model.pairs = "joined".')),
    ([JOINED, "model.pair_order=random"], ('model.pair_order and model.evaluate_order are about pairs read as one sequence of words, but model.pairs = "joined" '
     'joins embeddings; try model.pairs = "cross" or leave both at "fixed".')),
    ([CROSSED, "model.pair_features=sbert"], ('model.pair_features = "sbert" joins two vectors of sentences, but model.pairs = "cross-attention" has features '
     'of its own; try model.pairs = "siamese" or leave pair_features at "concat".')),
    ([JOINED, "model.relation=shared"], ('model.relation = "shared" compares two vectors of sentences, but model.pairs = "joined" compares them already; '
     'try model.pairs = "siamese" or relation = "none".')),
    ([CROSSED, "model.pooling=mean"], ('model.pooling = "mean" makes a vector of a sentence, but model.pairs = "cross-attention" takes the mean of what looked '
     'at the other one; leave pooling at "pooler", which pools the tasks of one text.')),
    ([CROSSED, "exits.train=joint"], ('exits.train = "joint" reads every layer, but model.pairs = "cross-attention" compares the texts above the last alone; '
     'try model.pairs = "joined".')),
]  # fmt: skip


@each_of(IMPOSSIBLE)
def test_an_impossible_pair_of_settings_has_its_sentence_and_without_the_last_is_possible(overrides: list[str], sentence: str) -> None:
    expect_impossible(overrides, sentence)


def test_every_row_of_the_table_is_tested() -> None:
    assert len(IMPOSSIBLE) == len(JOINED_COMBINATIONS)


@pytest.mark.parametrize("types", TYPES)
@pytest.mark.parametrize("second_cls", SECOND_CLS)
@pytest.mark.parametrize("pooling", ["pooler", "mean"])
def test_a_model_of_joined_pairs_answers_what_its_head_makes_of_the_altered_order(types: str, second_cls: str, pooling: str) -> None:
    model = small_model(pairs="joined", joined_types=types, second_cls=second_cls, pooling=pooling)
    batch = small_batch("sts", padding=2)
    (first, second), (first_mask, second_mask) = batch.input_ids.chunk(2), batch.attention_mask.chunk(2)
    pair = embed_then_join(model.bert, first, first_mask, second, second_mask, types, second_cls)
    output, mask = model.bert.encode(*pair), pair.attention_mask.double()
    pooled = output.pooler_output if pooling == "pooler" else (output.last_hidden_state * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    assert torch.allclose(model(batch), model.heads["sts"](pooled), rtol=0, atol=1e-12)


@pytest.mark.parametrize("pairs", ["joined", "cross-attention"])
def test_a_pair_is_answered_as_when_it_is_alone(pairs: str) -> None:
    model, batch = small_model(pairs=pairs), small_batch("quora", padding=3)
    if pairs == "cross-attention":
        torch.nn.init.normal_(model.crossing["quora"].look.output.weight, generator=seeded())
    whole = model(batch)
    for row in range(batch.size):
        alone = part_of(batch, World(row, batch.size))
        assert torch.allclose(model(alone), whole[row : row + 1], rtol=0, atol=1e-12)


def test_two_texts_that_each_fit_may_be_longer_together_than_the_table_of_positions() -> None:
    positions = SMALL.max_position_embeddings
    model, batch = small_model(pairs="joined"), small_batch("sts", tokens=positions)
    first, second = batch.attention_mask.sum(dim=1).chunk(2)
    assert (first + second).max() > positions and model(batch).isfinite().all()
    alone = part_of(batch, World(int((first + second).argmax()), batch.size))
    assert torch.allclose(model(alone), model(batch)[(first + second).argmax()], rtol=0, atol=1e-12)
    with pytest.raises(UserError, match=f"longer than the {positions} positions"):
        model.bert(torch.ones(1, positions + 1, dtype=torch.int64))


def test_tasks_of_one_text_read_as_ever() -> None:
    plain, joined, crossed = (small_model(pairs=pairs) for pairs in ("siamese", "joined", "cross-attention"))
    batch = small_batch("sst")
    assert torch.equal(plain(batch), joined(batch)) and torch.equal(plain(batch), crossed(batch))
    assert set(crossed.crossing) == {"quora", "sts"} and isinstance(crossed.crossing["sts"], CrossAttention)


@pytest.mark.parametrize("pairs", ["joined", "cross-attention"])
def test_smart_moves_both_texts_before_they_meet(pairs: str) -> None:
    model, batch = small_model(pairs=pairs), small_batch("sts")
    embeddings, logits_of = model.embed(batch), model.logits_of(batch)
    seen: list[torch.Tensor] = []

    def watched(moved: torch.Tensor, **masks: str) -> torch.Tensor:
        seen.append(moved)
        return logits_of(moved, **masks)

    Smart(divergence("regression"), seeded(), SmartSettings(epsilon=0.1, sigma=0.01, eta=0.1))(watched, embeddings, logits_of(embeddings)).backward()
    shift = (seen[-1] - embeddings)[batch.attention_mask.bool()]
    assert (shift.abs().amax(dim=-1) > 0).all() and len(embeddings) == 2 * batch.size


@pytest.mark.parametrize("point", ["words", "summed", "normalised", "output"])
@pytest.mark.parametrize("second_cls", SECOND_CLS)
def test_wherever_a_regularizer_enters_the_rest_of_the_model_is_the_same(point: str, second_cls: str) -> None:
    model, batch = small_model(pairs="joined", second_cls=second_cls), small_batch("sts")
    assert torch.allclose(model.logits_of(batch, point)(model.embed(batch, point)), model(batch), rtol=0, atol=1e-12)


def test_joined_pairs_leave_early_as_exits_say_and_at_the_top_as_ever() -> None:
    model, batch = small_model(pairs="joined"), small_batch("sts", padding=2)
    exits = make_exits(model, 3).double().eval()
    states: list[torch.Tensor] = []
    final = model.logits_of(batch, states=states)(model.embed(batch))
    walked = list(walk_exits(model, exits["sts"], batch))
    below = exits["sts"][0](states[0], mask_of(model.paths.of("sts"), batch.attention_mask)).logits
    assert torch.allclose(walked[0].logits, below, rtol=0, atol=1e-12) and torch.allclose(walked[-1].logits, final, rtol=0, atol=1e-12)
    assert torch.allclose(LeavingEarly(model, exits, {"sts": ExitRule("confidence", 1.0)})(batch), final, rtol=0, atol=1e-12)
