"""Surgery as an update: what is stepped along, how often, with how many graphs alive, on which batches."""

from __future__ import annotations

import weakref
from functools import partial

import pytest
import torch
from tasks_small import TRIO, small_batch, small_model
from torch import Tensor

from optim.pcgrad import pcgrad
from optim.task_gradients import put_gradients, take_gradients, total
from tasks.objective import make_objective
from tasks.replay import Replay
from tasks.surgery_updates import ALL_UPDATES, SURGERIES, TOGETHER, TWICE, Surgeon, task_gradients
from tasks.updates import UPDATES

CURVATURES = {"one": torch.tensor([1.0, 4.0], dtype=torch.float64), "two": torch.tensor([3.0, 1.0], dtype=torch.float64)}
CENTRES = {"one": torch.tensor([1.0, 0.0], dtype=torch.float64), "two": torch.tensor([-1.0, 0.5], dtype=torch.float64)}


class Quadratic:
    """A task of the golden toy as a thunk; counts how it is called."""

    def __init__(self, name: str, theta: Tensor) -> None:
        self.name, self.theta, self.calls = name, theta, []

    def __call__(self) -> Tensor:
        self.calls.append("new")
        return (CURVATURES[self.name] * (self.theta - CENTRES[self.name]) ** 2).sum() / 2

    def again(self) -> Tensor:
        loss = self()
        self.calls[-1] = "again"
        return loss


def run(name: str, reading: str = "stale", rate: float = 0.1) -> tuple[list[list[float]], list[str]]:
    """The places of the toy after each optimizer step, and how task "one" was called."""
    theta = torch.tensor([0.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer, places = torch.optim.SGD([theta], lr=rate), []
    thunks = {name: Quadratic(name, theta) for name in CURVATURES}

    def step() -> None:
        optimizer.step()
        places.append(theta.tolist())

    surgeon = Surgeon([theta], torch.Generator().manual_seed(0), reading)
    ALL_UPDATES[name](thunks, step, optimizer.zero_grad, surgeon=surgeon)
    return places, thunks["one"].calls


def test_both_readings_of_gse_give_their_golden_numbers():
    stale, calls = run("gse")
    assert stale[0] == pytest.approx([-0.11327504, 0.76053259], abs=1e-8) and stale[1] == pytest.approx([-0.31327504, 0.31053259], abs=1e-8)
    assert calls == ["new"]
    fresh, calls = run("gse", "fresh")
    assert fresh[0] == stale[0] and fresh[1] == pytest.approx([-0.26796502, 0.4302663], abs=1e-8)
    assert calls == ["new", "again"]


@pytest.mark.parametrize("name", sorted(ALL_UPDATES))
def test_the_number_of_optimizer_steps_is_the_one_that_is_announced(name):
    assert len(run(name)[0]) == ALL_UPDATES[name].optimizer_steps(2)
    assert (ALL_UPDATES[name].optimizer_steps(3) == 2) == (name in TWICE) and (name in TOGETHER) == (name != "separate")


def test_two_summed_steps_go_twice_as_far_as_one():
    once, twice = run("summed")[0][0], run("summed-twice")[0][1]
    assert [2 * (a - b) for a, b in zip(once, (0.0, 1.0))] == pytest.approx([a - b for a, b in zip(twice, (0.0, 1.0))], abs=1e-14)


def test_the_first_step_of_pcgrad_twice_is_that_of_pcgrad_and_gradvac_begins_as_pcgrad():
    assert run("pcgrad-twice")[0][0] == run("pcgrad")[0][0] == pytest.approx(run("gradvac")[0][0], abs=1e-14)


def replays(model, names=tuple(TRIO), size: int = 5):
    """A Replay for each task over batches that differ from call to call."""
    objectives, batches = {}, {name: iter([small_batch(name, size, seed=seed) for seed in range(9)]) for name in names}
    objective = make_objective(model, lambda name: objectives[name].batch())
    for name in names:
        objectives[name] = Replay(partial(objective, name), partial(next, batches[name]))
    return objectives


def test_the_model_moves_along_the_projected_gradient_of_its_real_tasks():
    model = small_model()
    parameters = list(model.parameters())
    surgeon = Surgeon(parameters, torch.Generator().manual_seed(7))
    _, gradients = task_gradients(replays(model), surgeon, 1, torch.Tensor.backward)
    expected = pcgrad(gradients, torch.Generator().manual_seed(7))
    moved = []
    SURGERIES["pcgrad"](replays(model), lambda: moved.extend(parameter.grad for parameter in parameters), model.zero_grad,
                        surgeon=Surgeon(parameters, torch.Generator().manual_seed(7)))
    assert all((a is None and b is None) or torch.equal(a, b) for a, b in zip(moved, expected))


@pytest.mark.parametrize("name", ["pcgrad", "gradvac"])
def test_with_one_task_surgery_is_the_plain_update_bit_for_bit(name):
    plain, surgical = small_model(), small_model()
    found = {}
    for update, model in (("separate", plain), (name, surgical)):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        found[update] = ALL_UPDATES[update](replays(model, ("sst",)), optimizer.step, optimizer.zero_grad,
                                            surgeon=Surgeon(list(model.parameters()), torch.Generator()))
    assert torch.equal(found["separate"]["sst"], found[name]["sst"])
    assert all(torch.equal(a, b) for a, b in zip(plain.parameters(), surgical.parameters()))


@pytest.mark.parametrize("name, reading", [("pcgrad", "stale"), ("gse", "stale"), ("gse", "fresh")])
def test_never_more_than_one_graph_is_alive(name, reading):
    model, alive = small_model(), []

    def backward(loss: Tensor) -> None:
        alive.append(weakref.ref(loss))
        assert sum(each() is not None for each in alive) == 1
        loss.backward()

    SURGERIES[name](replays(model), lambda: None, model.zero_grad, 2, backward=backward,
                    surgeon=Surgeon(list(model.parameters()), torch.Generator(), reading))
    assert len(alive) == 3 * 2 * (2 if reading == "fresh" else 1)


def test_accumulated_batches_are_averaged_before_they_are_projected():
    model = small_model()
    surgeon = Surgeon(list(model.parameters()), torch.Generator())
    losses, gradients = task_gradients(replays(model), surgeon, 2, torch.Tensor.backward)
    singles = replays(model)
    for place, name in enumerate(TRIO):
        halves = []
        for _ in range(2):
            (singles[name]() / 2).backward()
            halves.append(take_gradients(surgeon.parameters))
        assert all((a is None) == (b is None) and (a is None or torch.allclose(a, b, rtol=0, atol=1e-12)) for a, b in zip(gradients[place], total(halves)))


def test_what_no_task_uses_keeps_no_gradient():
    model = small_model()
    parameters = list(model.parameters())
    seen = {}
    SURGERIES["pcgrad"](replays(model, ("sst", "sts")), lambda: seen.update({name: each.grad for name, each in model.named_parameters()}), model.zero_grad,
                        surgeon=Surgeon(parameters, torch.Generator()))
    assert all((grad is None) == name.startswith("heads.quora") for name, grad in seen.items())
    put_gradients(parameters, [None] * len(parameters))


def test_plain_updates_take_a_surgeon_and_leave_it():
    surgeon = Surgeon([], torch.Generator().manual_seed(3))
    before = surgeon.generator.get_state()
    for name in UPDATES:
        assert len(run(name)[0]) >= 1
    assert torch.equal(before, surgeon.generator.get_state())
