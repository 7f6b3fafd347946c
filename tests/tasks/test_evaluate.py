"""Evaluation: file order, each example once, independent of batch size, no dropout, no graph, and no trace in the model."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import torch
from tasks_small import DROPOUT, TRIO, small_model, small_split
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.batching import Batch, collate
from tasks.evaluate import evaluate, evaluating, over_split
from tasks.metrics import accuracy, pearson


class Recorder(nn.Module):
    """Answers every example with the sum of its first token ids, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Batch] = []

    def forward(self, batch: Batch) -> Tensor:
        self.seen.append(batch)
        return batch.input_ids[: batch.size, 0].float()


@pytest.mark.parametrize("pairs", ["siamese", "cross"])
@pytest.mark.parametrize("task", sorted(TRIO))
def test_results_stand_in_file_order_whatever_the_batch_size(task: str, pairs: str) -> None:
    model, split = small_model(pairs=pairs), small_split(task, pairs=pairs)
    with torch.no_grad():
        expected = torch.cat([model(collate(split, [place])) for place in range(13)])
    for batch_size in (1, 4, 13, 100):
        found = evaluate(model, split, TRIO[task], batch_size)
        torch.testing.assert_close(found.logits, expected.float(), atol=1e-6, rtol=1e-6)
        assert found.ids == split.ids and torch.equal(found.labels, split.labels)


def test_every_example_is_asked_once_and_padding_is_small_because_lengths_are_sorted() -> None:
    model, split = Recorder(), small_split("sts", size=23, longest=31)
    found = evaluate(model, split, TRIO["sts"], batch_size=5)
    asked = Counter(index for batch in model.seen for index in batch.indices)
    assert asked == Counter(range(23)) and [batch.size for batch in model.seen] == [5, 5, 5, 5, 3]
    assert [batch.input_ids.size(1) for batch in model.seen] == sorted(split.lengths, reverse=True)[::5]
    assert found.logits.tolist() == [sequences[0][0] for sequences in split.sequences]


@pytest.mark.parametrize("task", sorted(TRIO))
def test_predictions_and_score_are_those_of_the_tasks_rule_and_metric(task: str) -> None:
    split = small_split(task)
    found = evaluate(small_model(), split, TRIO[task])
    rules = {"sst": found.logits.argmax(-1), "quora": (found.logits > 0).float(), "sts": found.logits}
    score = {"sst": accuracy, "quora": accuracy, "sts": pearson}[task]
    assert torch.equal(found.predictions, rules[task]) and found.score == score(rules[task], split.labels)
    assert (found.task, found.metric) == (task, "pearson" if task == "sts" else "accuracy")
    assert len(set(found.predictions.tolist())) > 1


def test_a_split_without_labels_has_predictions_and_no_score() -> None:
    split = small_split("sst", labelled=False)
    found = evaluate(small_model(), split, TRIO["sst"])
    assert found.score is None and found.labels is None and len(found.predictions) == 13


def test_dropout_is_off_inside_and_every_module_has_its_old_mode_afterwards() -> None:
    model, split = small_model(config=DROPOUT, head_dropout=0.5), small_split("quora")
    still = evaluate(model, split, TRIO["quora"]).logits
    model.train()
    model.bert.layers[1].eval()  # somebody's own choice
    modes = [module.training for module in model.modules()]
    before = torch.get_rng_state()
    assert torch.equal(evaluate(model, split, TRIO["quora"]).logits, still)
    assert [module.training for module in model.modules()] == modes and True in modes and False in modes
    assert torch.equal(torch.get_rng_state(), before)


def test_the_mode_comes_back_after_an_error_too() -> None:
    model = small_model().train()
    with pytest.raises(UserError, match="heads for sst"), evaluating(model):
        raise UserError("heads for sst")
    assert all(module.training for module in model.modules())


def test_no_graph_is_kept_and_training_goes_on_afterwards() -> None:
    model, split = small_model().train(), small_split("sst")
    found = evaluate(model, split, TRIO["sst"])
    assert not found.logits.requires_grad and all(weight.grad is None for weight in model.parameters())
    model(collate(split, [0, 1])).sum().backward()
    assert model.bert.pooler.dense.weight.grad is not None


def test_an_autocast_context_holds_during_the_pass_and_results_are_float32() -> None:
    model, split = small_model().float(), small_split("sst")
    seen = []
    model.heads["sst"].register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
    found = evaluate(model, split, TRIO["sst"], 5, "cpu", torch.autocast("cpu", torch.bfloat16))
    assert set(seen) == {torch.bfloat16} and found.logits.dtype == torch.float32
    torch.testing.assert_close(found.logits, evaluate(model, split, TRIO["sst"]).logits, atol=0.2, rtol=0.05)


def test_progress_sees_every_batch() -> None:
    seen = []
    evaluate(Recorder(), small_split("sts"), TRIO["sts"], 5, progress=lambda batches: (seen.append(len(batch)) or batch for batch in batches))
    assert seen == [5, 5, 3]


def test_ids_travel_with_their_rows() -> None:
    split = small_split("sts")
    rows, ids = over_split(lambda batch: batch.input_ids[: batch.size, 0], split, 4, "cpu")
    assert dict(zip(ids, rows.tolist())) == {identifier: sequences[0][0] for identifier, sequences in zip(split.ids, split.sequences)}


def test_empty_splits_and_diverged_models_are_told() -> None:
    split = small_split("sst")
    empty = replace(split, ids=(), sequences=(), token_types=(), lengths=(), labels=None)
    with pytest.raises(UserError, match="the split of task 'sst' has no examples to evaluate"):
        evaluate(small_model(), empty, TRIO["sst"])
    model = small_model()
    model.heads["sst"].linear.bias.data[2] = torch.nan
    with pytest.raises(UserError, match="the scores of task 'sst' are not finite: the model has diverged; try a lower learning rate or clip > 0"):
        evaluate(model, split, TRIO["sst"])
