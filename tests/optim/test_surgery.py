"""GSE on the golden toy, its controls, and the PCGrad wrapper around an optimizer."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from optim import AdamW
from optim.surgery import PCGrad, gse_merges, steps_along
from optim.task_gradients import put_gradients, take_gradients, total

CURVATURES = (torch.tensor([1.0, 4.0], dtype=torch.float64), torch.tensor([3.0, 1.0], dtype=torch.float64))
CENTRES = (torch.tensor([1.0, 0.0], dtype=torch.float64), torch.tensor([-1.0, 0.5], dtype=torch.float64))


def toy() -> Tensor:
    return torch.tensor([0.0, 1.0], dtype=torch.float64, requires_grad=True)


def losses(theta: Tensor) -> list[Tensor]:
    """Two quadratic tasks, (theta - c)^T diag(a) (theta - c) / 2."""
    return [(a * (theta - c) ** 2).sum() / 2 for a, c in zip(CURVATURES, CENTRES)]


def gradients_of(theta: Tensor) -> list[list[Tensor]]:
    return [[torch.autograd.grad(loss, theta)[0]] for loss in losses(theta)]


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_stale_gse_gives_the_golden_numbers_after_each_of_its_two_steps():
    theta, seen = toy(), []
    optimizer = torch.optim.SGD([theta], lr=0.1)

    def step() -> None:
        optimizer.step()
        seen.append(theta.tolist())

    steps_along([theta], gradients_of(theta), gse_merges(seeded()), step)
    assert seen[0] == pytest.approx([-0.11327504, 0.76053259], abs=1e-8) and seen[1] == pytest.approx([-0.31327504, 0.31053259], abs=1e-8)
    assert theta.grad is None and len(seen) == 2


def test_without_conflict_stale_gse_is_one_longer_step_along_the_sum():
    gradients = [[torch.tensor([1.0, 2.0], dtype=torch.float64)], [torch.tensor([3.0, 1.0], dtype=torch.float64)]]
    theta = toy()
    optimizer = torch.optim.SGD([theta], lr=0.1)
    start = theta.detach().clone()
    steps_along([theta], gradients, gse_merges(seeded()), optimizer.step)
    assert torch.allclose(theta.detach(), start - 0.1 * (1 / 2 + 1) * total(gradients)[0], rtol=0, atol=1e-15)


def test_gse_of_one_task_is_two_equal_steps():
    gradient, once = [torch.tensor([1.0, -2.0], dtype=torch.float64)], toy()
    optimizer = torch.optim.SGD([once], lr=0.1)
    steps_along([once], [gradient], gse_merges(seeded()), optimizer.step)
    assert torch.allclose(once.detach(), torch.tensor([-0.2, 1.4], dtype=torch.float64), rtol=0, atol=1e-15)


def test_both_steps_share_the_optimizer_state():
    theta = toy()
    optimizer = AdamW([theta], lr=0.1)
    steps_along([theta], gradients_of(theta), gse_merges(seeded()), optimizer.step)
    assert optimizer.state[theta]["step"] == 2


def test_the_wrapper_merges_losses_that_share_a_graph():
    theta = toy()
    surgeon = PCGrad(torch.optim.SGD([theta], lr=0.1), reduction="mean")
    surgeon.zero_grad()
    surgeon.pc_backward(losses(theta * 1.0))
    surgeon.step()
    assert theta.tolist() == pytest.approx([-0.11327504, 0.76053259], abs=1e-8)


def test_the_wrapper_adds_to_gradients_that_are_there_so_that_accumulation_works():
    theta = toy()
    surgeon = PCGrad(torch.optim.SGD([theta], lr=0.1))
    surgeon.pc_backward(losses(theta))
    once = theta.grad.clone()
    surgeon.pc_backward(losses(theta))
    assert torch.allclose(theta.grad, 2 * once, rtol=0, atol=1e-15)


def test_the_wrapper_leaves_absent_gradients_absent_and_saves_the_optimizers_state():
    theta, unused = toy(), torch.ones(3, requires_grad=True)
    surgeon = PCGrad(AdamW([theta, unused], lr=0.1, weight_decay=0.5))
    surgeon.pc_backward(losses(theta))
    surgeon.step()
    assert unused.grad is None and unused.tolist() == [1, 1, 1]
    twin = PCGrad(AdamW([toy(), torch.ones(3, requires_grad=True)], lr=0.2))
    twin.load_state_dict(surgeon.state_dict())
    assert twin.param_groups[0]["lr"] == 0.1 and surgeon.state_dict().keys() == surgeon.optimizer.state_dict().keys()


def test_an_empty_list_of_losses_is_refused():
    with pytest.raises(ValueError, match="no entries"):
        PCGrad(torch.optim.SGD([toy()], lr=0.1)).pc_backward([])


def test_taking_gradients_copies_nothing_and_putting_them_back_restores_them():
    one, two = torch.ones(3, requires_grad=True), torch.ones(2, requires_grad=True)
    one.grad = torch.from_numpy(np.arange(3.0, dtype=np.float32))
    kept = one.grad
    taken = take_gradients([one, two])
    assert taken[0] is kept and taken[1] is None and one.grad is None
    put_gradients([one, two], taken)
    assert one.grad is kept and two.grad is None
