"""SimCSE: its golden values, what it must not depend on, and the mistakes that people make with it."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from regularizers.simcse import SimcseHead, cosines, simcse_loss, two_views

B, C = 7, 11


def views(seed: int = 0, rows: int = B, grad: bool = False) -> tuple[Tensor, Tensor, Tensor]:
    drawn = torch.randn(3, rows, C, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return tuple(each.clone().requires_grad_(grad) for each in drawn)  # type: ignore[return-value]


def by_hand(first: Tensor, second: Tensor, negatives: Tensor | None = None, weight: float = 0.0, temperature: float = 0.05) -> float:
    """The formula with loops and Python's numbers."""

    def cosine(one: Tensor, other: Tensor) -> float:
        return (one @ other / one.norm() / other.norm()).item()

    losses = []
    for i in range(len(first)):
        below = sum(math.exp(cosine(first[i], second[j]) / temperature) for j in range(len(first)))
        if negatives is not None:
            below += sum(math.exp(cosine(first[i], negatives[j]) / temperature + weight * (i == j)) for j in range(len(first)))
        losses.append(math.log(below) - cosine(first[i], second[i]) / temperature)
    return sum(losses) / len(losses)


def test_the_loss_is_the_formula():
    first, second, negatives = views()
    assert abs(simcse_loss(first, second).item() - by_hand(first, second)) < 1e-12
    assert abs(simcse_loss(first, second, negatives).item() - by_hand(first, second, negatives)) < 1e-12
    assert abs(simcse_loss(first, second, negatives, 0.3, 1.7).item() - by_hand(first, second, negatives, 1.7, 0.3)) < 1e-12


def test_one_sentence_alone_has_loss_zero():
    first, second, _ = views(rows=1)
    assert simcse_loss(first, second).item() == 0


@pytest.mark.parametrize("rows", [2, 5, 64])
def test_equal_embeddings_give_the_logarithm_of_the_batch_size(rows):
    same = views()[0][:1].expand(rows, C)
    assert abs(simcse_loss(same, same).item() - math.log(rows)) < 1e-12
    assert abs(simcse_loss(same, same, same).item() - math.log(2 * rows)) < 1e-12  # hard negatives double the denominator
    assert round(math.log(64), 4) == 4.1589


def test_aligned_and_orthogonal_views_have_almost_no_loss():
    axes = torch.eye(64, dtype=torch.float64)
    expected = math.log1p(63 * math.exp(-20))
    assert abs(simcse_loss(axes, axes).item() - expected) < 1e-14 and f"{expected:.1e}" == "1.3e-07"


def test_lengths_and_a_common_rotation_change_nothing():
    first, second, negatives = views()
    rotation = torch.linalg.qr(torch.randn(C, C, generator=torch.Generator().manual_seed(5), dtype=torch.float64)).Q
    expected = simcse_loss(first, second, negatives).item()
    assert abs(simcse_loss(first @ rotation, second @ rotation, negatives @ rotation).item() - expected) < 1e-12
    lengths = torch.rand(B, 1, generator=torch.Generator().manual_seed(6), dtype=torch.float64) * 100 + 0.01
    assert abs(simcse_loss(first * lengths, second * 3, negatives / 17).item() - expected) < 1e-12


def test_the_order_of_the_sentences_changes_nothing_and_wrong_partners_do():
    first, second, negatives = views()
    order = torch.tensor([3, 0, 6, 1, 5, 2, 4])
    assert abs(simcse_loss(first[order], second[order], negatives[order]).item() - simcse_loss(first, second, negatives).item()) < 1e-12
    assert simcse_loss(first, first).item() < 0.1 and simcse_loss(first, first.roll(1, 0)).item() > 5  # the positive of i is i, not a neighbour


def test_both_views_get_gradient_and_every_other_sentence_is_a_negative():
    first, second, negatives = views(grad=True)
    slopes = torch.autograd.grad(simcse_loss(first, second, negatives), (first, second, negatives))
    assert all(slope.abs().amax(1).min() > 1e-6 for slope in slopes)  # of every row
    one = torch.autograd.grad(simcse_loss(first[:1], second[:1]), (first, second))  # without other sentences there is nothing to learn
    assert all(slope.abs().max() == 0 for slope in one)


def test_slopes_are_those_of_finite_differences():
    assert torch.autograd.gradcheck(lambda *each: simcse_loss(*each, temperature=0.5, hard_weight=0.7), views(grad=True))


def test_a_smaller_temperature_sharpens():
    first, second, _ = views()
    near = first + 0.3 * second
    losses = [simcse_loss(first, near, temperature=temperature).item() for temperature in (1.0, 0.2, 0.05)]
    assert losses[0] > losses[1] > losses[2]  # the positives are nearest already; multiplied, the order would be the other way


def test_each_row_is_compared_with_the_other_pass_alone():
    first, second, _ = views()
    turned = -second
    assert not torch.allclose(cosines(first, second), cosines(first, turned))
    twin = first.clone()
    twin[1] = twin[0] + 1e-3 * twin[1]  # two rows of one view that are almost the same: NT-Xent would count them, this loss does not
    far = cosines(twin, second)
    assert abs(simcse_loss(twin, second).item() - torch.nn.functional.cross_entropy(far / 0.05, torch.arange(B)).item()) < 1e-12


def test_a_weight_on_hard_negatives_counts_each_sentences_own_more_often():
    first, second, negatives = views()
    losses = [simcse_loss(first, second, negatives, hard_weight=weight).item() for weight in (-1e4, 0.0, 2.0)]
    assert losses[0] < losses[1] < losses[2]
    alone = simcse_loss(first[:1], second[:1], negatives[:1], hard_weight=math.log(3)).item()
    thrice = torch.stack([cosines(first[:1], each[:1]).squeeze() for each in (second, negatives, negatives, negatives)]) / 0.05
    assert abs(alone - (thrice.logsumexp(0) - thrice[0]).item()) < 1e-12


def test_a_sentence_that_comes_twice_is_no_negative_of_itself():
    first, second, _ = views(rows=5)
    first[3], second[3] = first[1], second[1]
    groups = torch.tensor([0, 1, 2, 1, 4])
    logits = cosines(first, second) / 0.05
    others = torch.nn.functional.cross_entropy(logits, torch.arange(5), reduction="none")  # rows 0, 2 and 4 have no twin
    kept = torch.tensor([0, 1, 2, 4])
    twin = torch.nn.functional.cross_entropy(logits[1:2, kept], torch.tensor([1]))  # rows 1 and 3 are one sentence, with three others
    loss = simcse_loss(first, second, groups=groups)
    assert abs(loss.item() - (others[[0, 2, 4]].sum() + 2 * twin).item() / 5) < 1e-12
    assert loss < simcse_loss(first, second)


def encoder(rate: float) -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(C, 13), nn.Tanh(), nn.Dropout(rate), nn.Linear(13, C)).double()


def test_two_views_differ_by_dropout_and_row_by_row():
    model, sentences = encoder(0.1).train(), views()[0][:1].expand(B, C)
    one, other = two_views(model, sentences)
    assert one.shape == other.shape == (B, C)
    assert len({tuple(row.tolist()) for row in torch.cat([one, other])}) > B  # one mask for all rows would leave a single vector
    assert not torch.equal(*two_views(model, sentences)[:2])


@pytest.mark.parametrize(("rate", "training"), [(0.1, False), (0.0, True)])
def test_without_dropout_the_positives_have_cosine_one_and_no_slope(rate, training):
    model, sentences = encoder(rate).train(training), views()[0]
    one, other = two_views(model, sentences)
    agreement = cosines(one, other).diagonal()
    assert (agreement - 1).abs().max() < 1e-12
    slopes = torch.autograd.grad(agreement.sum(), list(model.parameters()), retain_graph=True)
    assert max(slope.abs().max() for slope in slopes) < 1e-12
    negatives_push = torch.autograd.grad(simcse_loss(one, other), list(model.parameters()))
    assert max(slope.abs().max() for slope in negatives_push) > 1e-6


def test_the_head_is_left_out_at_test_time_unless_it_is_kept(generator):
    vectors = views()[0].float()
    dropped, kept = SimcseHead(C, generator=generator), SimcseHead(C, train_only=False, generator=generator)
    assert torch.equal(dropped.eval()(vectors), vectors) and not torch.equal(kept.eval()(vectors), vectors)
    assert torch.equal(dropped.train()(vectors), torch.tanh(vectors @ dropped.dense.weight.T))


@pytest.mark.parametrize(("arguments", "words"), [
    ({"second": torch.zeros(5, C)}, r"first of shape \(7, 11\) and second of shape \(5, 11\), expected \(B, C\) twice"),
    ({"negatives": torch.zeros(B, 3)}, r"negatives of shape \(7, 3\)"),
    ({"temperature": 0.0}, "a temperature of 0.0, expected one above 0"),
    ({"temperature": float("nan")}, "a temperature of nan"),
    ({"groups": torch.zeros(3)}, r"groups of shape \(3,\), expected \(7,\)"),
])
def test_what_cannot_be_compared_is_told(arguments, words):
    first, second, _ = views()
    with pytest.raises(ValueError, match=words):
        simcse_loss(**{"first": first, "second": second, **arguments})


def test_an_empty_batch_is_told():
    with pytest.raises(ValueError, match="empty batch"):
        simcse_loss(torch.zeros(0, C), torch.zeros(0, C))


def test_dropout_draws_new_masks_at_every_pass():
    """A seed set anew before each pass would show the model the same two views of a sentence for ever."""
    model, sentences = encoder(0.3).train(), views()[0]
    one, other = torch.cat(two_views(model, sentences)), torch.cat(two_views(model, sentences))
    assert not (one == other).all(1).any()
