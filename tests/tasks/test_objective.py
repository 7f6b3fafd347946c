"""The objective: weight 0 is the plain loss bit for bit, and a regularizer sees the same tensors as the task loss."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from tasks_small import DROPOUT, TRIO, small_batch, small_model

from minbert.errors import UserError
from tasks.losses import task_loss
from tasks.objective import make_objective


def never(*arguments: object) -> torch.Tensor:
    raise AssertionError("the regularizer was called")


def size_of_logits(logits_of: Callable, embeddings: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    return logits.square().mean()


@pytest.mark.parametrize("regularizer, weight", [(never, 0.0), (dict.fromkeys(TRIO, never), 0.0), (None, 5.0), (dict.fromkeys(TRIO), 5.0)])
@pytest.mark.parametrize("task", sorted(TRIO))
def test_weight_zero_or_no_regularizer_is_the_plain_loss_with_the_same_random_numbers(task: str, regularizer: object, weight: float) -> None:
    model, batch = small_model(config=DROPOUT, head_dropout=0.3).train(), small_batch(task)
    torch.manual_seed(7)
    plain = task_loss(TRIO[task].kind, model(batch), batch.labels)
    after = torch.get_rng_state()
    torch.manual_seed(7)
    loss = make_objective(model, lambda name: small_batch(name), regularizer, weight)(task)
    assert torch.equal(loss, plain) and torch.equal(torch.get_rng_state(), after)


def test_the_regularizer_gets_the_tensors_of_the_task_loss_and_no_name() -> None:
    model, batch, seen = small_model(config=DROPOUT, head_dropout=0.3).train(), small_batch("sst"), []

    def spy(logits_of: Callable, embeddings: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        seen.append((embeddings, logits, logits_of(embeddings)))
        return logits.sum() * 0

    embedded = []
    model.bert.embeddings.register_forward_hook(lambda module, inputs, output: embedded.append(output))
    loss = make_objective(model, lambda name: batch, spy, 1.0)("sst")
    assert len(embedded) == 1  # a second draw of the embedding dropout would be another point
    ((embeddings, logits, again),) = seen
    assert embeddings.requires_grad and embeddings.shape == (5, 7, 15)
    assert torch.equal(loss, task_loss("classes", logits, batch.labels))
    assert not torch.equal(again, logits)  # dropout above the embeddings is drawn anew at every call


def test_in_eval_mode_the_closure_at_the_clean_embeddings_gives_the_clean_logits() -> None:
    distance = make_objective(small_model(), small_batch, lambda f, embeddings, logits: (f(embeddings) - logits).abs().sum(), 1e6)
    plain = make_objective(small_model(), small_batch)
    for task in TRIO:
        assert torch.equal(distance(task), plain(task))


def test_loss_and_gradient_are_task_part_plus_weight_times_regularizer() -> None:
    model, weight = small_model(), 0.37
    for task in TRIO:
        batch = small_batch(task)
        whole = make_objective(model, small_batch, size_of_logits, weight)(task)
        logits = model(batch)
        expected = task_loss(TRIO[task].kind, logits, batch.labels) + weight * logits.square().mean()
        got, wanted = (torch.autograd.grad(loss, list(model.bert.parameters())) for loss in (whole, expected))
        torch.testing.assert_close(whole, expected, atol=1e-14, rtol=0)
        torch.testing.assert_close(got, wanted, atol=1e-12, rtol=1e-12)


def test_each_task_may_have_a_regularizer_of_its_own_or_none() -> None:
    constants = {"sst": 2.0, "quora": 3.0}
    table = {task: lambda *arguments, value=value: torch.tensor(value) for task, value in constants.items()}
    model = small_model()
    objective, plain = make_objective(model, small_batch, {**table, "sts": None}, 10.0), make_objective(model, small_batch)
    assert {task: round((objective(task) - plain(task)).item(), 9) for task in TRIO} == {"sst": 20.0, "quora": 30.0, "sts": 0.0}


def test_a_mapping_that_forgets_a_task_is_refused_before_the_first_batch() -> None:
    with pytest.raises(UserError, match="no regularizer for task 'sts', got sst, quora: name one, or None to leave the task without"):
        make_objective(small_model(), never, {"sst": None, "quora": None}, 1.0)


def test_every_call_takes_the_next_batch_and_builds_a_new_graph() -> None:
    asked = []

    def next_batch(task: str) -> object:
        asked.append(task)
        return small_batch(task, seed=len(asked))

    objective = make_objective(small_model(), next_batch)
    assert asked == []
    losses = [objective(task) for task in ("sst", "sst", "sts")]
    assert asked == ["sst", "sst", "sts"] and losses[0] != losses[1]
    for loss in losses:
        loss.backward()
