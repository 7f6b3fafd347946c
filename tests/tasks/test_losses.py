"""Losses: the textbook values, a true mean over the batch, correct slopes, and no broadcasting behind the user's back."""

from __future__ import annotations

import math

import pytest
import torch

from minbert.errors import UserError
from tasks.losses import LOSSES, task_loss


def example(kind: str, size: int = 5, seed: int = 7) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shape = (size, 3) if kind == "classes" else (size,)
    logits = torch.randn(*shape, generator=generator, dtype=torch.float64)
    labels = torch.randint(2, (size,), generator=generator)
    return logits, labels if kind == "classes" else labels.float()


def test_losses_worked_by_hand() -> None:
    """Scores (ln 2, 0, 0): p = (1/2, 1/4, 1/4).  Score ln 3: sigmoid 3/4.  Predictions 1 and 4 against 3.5 and 4: (6.25 + 0) / 2."""
    scores = torch.tensor([[math.log(2), 0.0, 0.0]])
    assert task_loss("classes", scores, torch.tensor([1])).item() == pytest.approx(math.log(4))
    one = torch.tensor([math.log(3)] * 2)
    assert task_loss("binary", one, torch.tensor([1.0, 0.0])).item() == pytest.approx((math.log(4 / 3) + math.log(4)) / 2)
    assert task_loss("regression", torch.tensor([1.0, 4.0]), torch.tensor([3.5, 4.0])).item() == pytest.approx(3.125)


@pytest.mark.parametrize("kind", sorted(LOSSES))
def test_gradients_agree_with_finite_differences(kind: str) -> None:
    logits, labels = example(kind)
    assert torch.autograd.gradcheck(lambda scores: task_loss(kind, scores, labels), logits.requires_grad_())


@pytest.mark.parametrize("kind", sorted(LOSSES))
def test_a_batch_counts_the_examples_it_has(kind: str) -> None:
    logits, labels = example(kind)
    alone = torch.stack([task_loss(kind, logits[i : i + 1], labels[i : i + 1]) for i in range(5)])
    torch.testing.assert_close(task_loss(kind, logits, labels), alone.mean(), atol=1e-14, rtol=0)
    twice = task_loss(kind, torch.cat([logits, logits]), torch.cat([labels, labels]))
    torch.testing.assert_close(twice, alone.mean(), atol=1e-14, rtol=0)


@pytest.mark.parametrize("kind", ["binary", "regression"])
@pytest.mark.parametrize("logit_shape, label_shape", [((4, 1), (4,)), ((4,), (4, 1)), ((4,), (3,)), ((4,), ()), ((), (1,))])
def test_a_column_against_a_row_is_refused_and_not_broadcast(kind: str, logit_shape: tuple[int, ...], label_shape: tuple[int, ...]) -> None:
    message = f"logits have shape {logit_shape} and labels {label_shape}, a {kind} loss expects (B,) for both."
    with pytest.raises(UserError) as caught:
        task_loss(kind, torch.ones(logit_shape), torch.ones(label_shape))
    assert str(caught.value) == message


@pytest.mark.parametrize("logit_shape, label_shape", [((4,), (4,)), ((4, 5), (4, 5)), ((4, 5), (5,)), ((5,), ())])
def test_class_scores_need_one_label_per_row(logit_shape: tuple[int, ...], label_shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match=r"logits have shape .* a classes loss expects \(B, k\) logits and \(B,\) labels"):
        task_loss("classes", torch.ones(logit_shape), torch.ones(label_shape, dtype=torch.int64))


def test_missing_labels_and_fractional_classes_are_refused() -> None:
    with pytest.raises(UserError, match="this batch has no labels, so it has no loss"):
        task_loss("classes", torch.ones(2, 5), None)
    with pytest.raises(UserError, match="class labels are torch.float32, expected whole numbers"):
        task_loss("classes", torch.ones(2, 5), torch.tensor([3.8, 1.0]))


def test_fractions_of_a_label_are_kept() -> None:
    loss = task_loss("regression", torch.tensor([3.0]), torch.tensor([3.8]))
    assert loss.item() == pytest.approx(0.64, abs=1e-6)


@pytest.mark.parametrize("kind", sorted(LOSSES))
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_scores_give_a_float32_loss_and_scores_of_ten_thousand_a_finite_one(kind: str, dtype: torch.dtype) -> None:
    logits, labels = example(kind)
    loss = task_loss(kind, (1e4 * logits.sign()).to(dtype), labels)
    assert loss.dtype == torch.float32 and loss.isfinite()


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_integer_labels_mean_the_same_as_their_floats(kind: str) -> None:
    logits, labels = example(kind)
    assert torch.equal(task_loss(kind, logits, labels.long()), task_loss(kind, logits, labels))
