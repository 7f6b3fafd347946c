"""Updates: how many steps, along which gradient, with how many graphs alive, and nothing for those that took no part."""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable
from functools import partial

import pytest
import torch
from tasks_small import TRIO, small_batch, small_model
from torch import Tensor, nn

from tasks.model import MultitaskModel
from tasks.objective import make_objective
from tasks.updates import UPDATES, accumulate


def thunks_of(model: MultitaskModel, names: tuple[str, ...] = tuple(TRIO)) -> dict[str, Callable[[], Tensor]]:
    objective = make_objective(model, small_batch)
    return {task: partial(objective, task) for task in names}


def gradients(module: nn.Module) -> dict[str, Tensor | None]:
    return {name: None if weight.grad is None else weight.grad.clone() for name, weight in module.named_parameters()}


def task_gradients(model: MultitaskModel) -> dict[str, dict[str, Tensor | None]]:
    found = {}
    for task, thunk in thunks_of(model).items():
        model.zero_grad()
        thunk().backward()
        found[task] = gradients(model)
    model.zero_grad()
    return found


@pytest.mark.parametrize("dtype, tolerance", [(torch.float64, 1e-12), (torch.float32, 1e-6)])
def test_the_summed_gradient_is_the_sum_of_the_tasks_gradients(dtype: torch.dtype, tolerance: float) -> None:
    model, seen = small_model().to(dtype), []
    alone = task_gradients(model)
    UPDATES["summed"](thunks_of(model), lambda: seen.append(gradients(model)), model.zero_grad)
    (together,) = seen
    for name, gradient in together.items():
        parts = [alone[task][name] for task in TRIO if alone[task][name] is not None]
        scale = max(part.abs().max().item() for part in parts)
        torch.testing.assert_close(gradient, torch.stack(parts).sum(0), atol=tolerance * max(scale, 1.0), rtol=tolerance)
        assert len(parts) == (3 if name.startswith("bert.") else 1)


def test_the_summed_gradient_is_that_of_the_added_losses() -> None:
    model, seen = small_model(), []
    sum(thunk() for thunk in thunks_of(model).values()).backward()
    expected = gradients(model)
    UPDATES["summed"](thunks_of(model), lambda: seen.append(gradients(model)), model.zero_grad)
    torch.testing.assert_close(seen[0], expected, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_a_head_gets_its_own_tasks_gradient_bit_for_bit(name: str) -> None:
    model, seen = small_model(), {}
    alone = task_gradients(model)

    def step() -> None:  # looks, and leaves the weights alone
        seen.update({key: value for key, value in gradients(model).items() if key.startswith("heads.") and value is not None})

    UPDATES[name](thunks_of(model), step, model.zero_grad)
    assert set(seen) == {f"heads.{task}.linear.{part}" for task in TRIO for part in ("weight", "bias")}
    assert all(torch.equal(gradient, alone[key.split(".")[1]][key]) for key, gradient in seen.items())


def test_separate_is_a_loop_of_single_task_steps() -> None:
    model = small_model()
    twin = copy.deepcopy(model)
    optimizers = [torch.optim.AdamW(each.parameters(), lr=0.01) for each in (model, twin)]
    losses = UPDATES["separate"](thunks_of(model), optimizers[0].step, optimizers[0].zero_grad)
    for task, thunk in thunks_of(twin).items():
        optimizers[1].zero_grad()
        loss = thunk()
        loss.backward()
        optimizers[1].step()
        assert torch.equal(losses[task], loss)
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(model.parameters(), twin.parameters()))


@pytest.mark.parametrize("name", sorted(UPDATES))
@pytest.mark.parametrize("tasks", [("sts",), ("sst", "sts"), ("sst", "quora", "sts")])
def test_the_table_says_how_many_optimizer_steps_an_iteration_takes(name: str, tasks: tuple[str, ...]) -> None:
    model, steps = small_model(), []
    losses = UPDATES[name](thunks_of(model, tasks), lambda: steps.append(1), model.zero_grad)
    assert len(steps) == UPDATES[name].optimizer_steps(len(tasks)) == {"separate": len(tasks), "summed": 1}[name]
    assert tuple(losses) == tasks and not any(loss.requires_grad for loss in losses.values())


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_absent_is_not_zero(name: str) -> None:
    """Decay is strong: a head whose gradient were zero instead of None would shrink."""
    model = small_model()
    before = copy.deepcopy(model.state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.9)
    UPDATES[name](thunks_of(model), lambda: None, model.zero_grad)  # leaves gradients of all heads behind
    UPDATES[name](thunks_of(model, ("sst",)), optimizer.step, optimizer.zero_grad)
    still = {task for task in TRIO if torch.equal(model.heads[task].linear.weight, before[f"heads.{task}.linear.weight"])}
    assert still == {"quora", "sts"}
    assert model.heads["sts"].linear.weight.grad is None and model.heads["quora"].linear.bias.grad is None


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_separate_tasks_never_see_each_others_gradient_and_stale_gradients_are_dropped(name: str) -> None:
    model, seen = small_model(), []
    alone = task_gradients(model)
    for weight in model.parameters():
        weight.grad = torch.full_like(weight, 1e9)
    UPDATES[name](thunks_of(model), lambda: seen.append(gradients(model)), model.zero_grad)
    if name == "separate":
        assert all(torch.equal(at["bert.pooler.dense.weight"], alone[task]["bert.pooler.dense.weight"]) for task, at in zip(TRIO, seen))
    assert all(value is None or value.abs().max() < 1e6 for at in seen for value in at.values())


@pytest.mark.parametrize("name", sorted(UPDATES))
@pytest.mark.parametrize("accumulation", [1, 2])
def test_a_graph_is_gone_before_the_next_one_is_built(name: str, accumulation: int) -> None:
    weight, alive = nn.Parameter(torch.ones(3)), []

    def thunk() -> Tensor:
        assert not any(reference() is not None for reference in alive)
        middle = weight.exp()  # saved for backward: it lives as long as the graph does
        alive.append(weakref.ref(middle))
        return middle.square().sum()

    UPDATES[name]({"a": thunk, "b": thunk, "c": thunk}, lambda: None, lambda: None, accumulation)
    assert len(alive) == 3 * accumulation


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_accumulating_two_batches_equals_one_batch_of_both(name: str) -> None:
    model = small_model().train()
    halves = {task: [small_batch(task, size=3, seed=seed) for seed in (1, 2)] for task in TRIO}
    queue = {task: list(batches) for task, batches in halves.items()}
    whole = {task: torch.stack([make_objective(model, {task: batch}.get)(task) for batch in batches]).mean() for task, batches in halves.items()}
    expected = {task: torch.autograd.grad(loss, model.bert.pooler.dense.weight)[0] for task, loss in whole.items()}
    objective, seen = make_objective(model, lambda task: queue[task].pop(0)), []
    losses = UPDATES[name](
        {task: partial(objective, task) for task in TRIO},
        lambda: seen.append(model.bert.pooler.dense.weight.grad.clone()),
        model.zero_grad,
        accumulation=2,
    )
    wanted = list(expected.values()) if name == "separate" else [sum(expected.values())]
    torch.testing.assert_close(seen, wanted, atol=1e-12, rtol=1e-12)
    torch.testing.assert_close(losses, {task: loss.detach() for task, loss in whole.items()}, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_a_gradient_scaler_fits_into_backward_and_leaves_the_reported_loss_alone(name: str) -> None:
    model, seen = small_model(), []
    plain = UPDATES[name](thunks_of(model), lambda: seen.append(gradients(model)), model.zero_grad)
    scaled = UPDATES[name](
        thunks_of(model), lambda: seen.append(gradients(model)), model.zero_grad, backward=lambda loss: (1024 * loss).backward()
    )
    assert plain == scaled
    half = len(seen) // 2
    torch.testing.assert_close(seen[half]["bert.pooler.dense.bias"], 1024 * seen[0]["bert.pooler.dense.bias"], atol=0, rtol=1e-12)


def test_accumulating_once_is_backward_bit_for_bit() -> None:
    weight = nn.Parameter(torch.tensor([0.1, 0.7, -3.0]))
    weight.exp().sum().backward()
    once, weight.grad = weight.grad, None
    assert torch.equal(accumulate(lambda: weight.exp().sum()), weight.exp().sum()) and torch.equal(weight.grad, once)
