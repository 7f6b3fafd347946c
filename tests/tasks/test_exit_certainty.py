"""Learning to exit: targets that are facts, and gradients that go where they should."""

from __future__ import annotations

import pytest
import torch
from tasks_small import seeded

from minbert.errors import UserError
from tasks.exit_certainty import Certainty, certainty_loss, certainty_target
from tasks.exits import AtExit


def test_the_target_of_a_class_is_whether_the_exit_is_right():
    logits = torch.tensor([[3.0, 1.0], [0.0, 2.0], [5.0, 4.0]])
    assert certainty_target("classes", logits, torch.tensor([0, 0, 1])).tolist() == [1, 0, 0]
    assert certainty_target("binary", torch.tensor([2.0, -2.0, 0.0]), torch.tensor([1.0, 1.0, 0.0])).tolist() == [1, 0, 1]


@pytest.mark.parametrize("error, wrong", [(0.1, 0.0997), (0.25, 0.2449), (0.5, 0.4621), (1.0, 0.7616)])
def test_the_target_of_a_regression_falls_with_the_error_as_in_the_table(error, wrong):
    target = certainty_target("regression", torch.tensor([2.0 + error, 2.0 - error], dtype=torch.float64), torch.tensor([2.0, 2.0]))
    assert target.tolist() == pytest.approx([1 - wrong] * 2, abs=5e-5)
    assert certainty_target("regression", torch.tensor([5 * error]), torch.zeros(1), scale=5).item() == pytest.approx(1 - wrong, abs=5e-5)


def made(through: bool = True) -> tuple[Certainty, list[AtExit], torch.Tensor, torch.Tensor]:
    """A certainty, three exits of 7 examples with heads in their graph, features that ask for gradients, and labels."""
    features = torch.randn(7, 5, generator=seeded(), dtype=torch.float64, requires_grad=True)
    head = torch.randn(5, generator=seeded(4), dtype=torch.float64, requires_grad=True)
    found = [AtExit(features * scale, (features * scale) @ head) for scale in (1.0, 0.5, 2.0)]
    certainty = Certainty(5, generator=seeded(2), through=through).double()
    return certainty, found, features, head


@pytest.mark.parametrize("kind, labels", [("binary", torch.tensor([1.0, 0, 1, 0, 1, 0, 1])), ("regression", torch.linspace(0, 5, 7))])
def test_no_gradient_reaches_a_head_through_the_target(kind, labels):
    certainty, found, features, head = made()
    certainty_loss(certainty, found, kind, labels).backward()
    assert head.grad is None and features.grad.abs().sum() > 0
    assert all(parameter.grad.abs().sum() > 0 for parameter in certainty.parameters())


def test_its_gradient_can_be_kept_out_of_the_encoder():
    certainty, found, features, _ = made(through=False)
    certainty_loss(certainty, found, "regression", torch.zeros(7)).backward()
    assert features.grad is None and certainty.linear.weight.grad.abs().sum() > 0


def test_the_loss_is_the_mean_square_over_exits_and_examples():
    certainty, found, _, _ = made()
    labels = torch.linspace(0, 5, 7, dtype=torch.float64)
    by_hand = [(torch.sigmoid(each.features @ certainty.linear.weight[0] + certainty.linear.bias) - (1 - torch.tanh((each.logits - labels).abs() / 5))) ** 2
               for each in found]
    torch.testing.assert_close(certainty_loss(certainty, found, "regression", labels, scale=5), torch.stack(by_hand).mean(), rtol=0, atol=1e-14)


def test_one_layer_serves_all_exits():
    certainty, found, _, _ = made()
    assert sum(parameter.numel() for parameter in certainty.parameters()) == 6
    assert certainty(found[0].features).shape == (7,) and ((certainty(found[0].features) > 0) & (certainty(found[0].features) < 1)).all()


def test_it_learns_which_examples_are_right():
    features = torch.randn(64, 3, generator=seeded(), dtype=torch.float64)
    labels = torch.ones(64)
    found = [AtExit(features, features[:, 0])]  # right wherever the first feature is above 0
    certainty = Certainty(3, generator=seeded()).double()
    optimizer = torch.optim.Adam(certainty.parameters(), lr=0.2)
    for _ in range(60):
        optimizer.zero_grad()
        certainty_loss(certainty, found, "binary", labels).backward()
        optimizer.step()
    assert ((certainty(features) > 0.5) == (features[:, 0] > 0)).double().mean() > 0.95


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_a_scale_that_means_nothing_is_told(scale):
    with pytest.raises(UserError, match=f"^the scale of errors is {scale:g}, expected a number above 0, in units of the label.$"):
        certainty_target("regression", torch.zeros(1), torch.zeros(1), scale)
