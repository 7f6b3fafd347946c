"""The table of optimizers: first steps by hand, groups that keep their rates, and a past that travels through a checkpoint."""

from __future__ import annotations

import copy

import pytest
import torch
from focus_small import Exits, batch
from torch import nn

from minbert.errors import UserError
from optim import AdamW, Schedule, parameter_groups
from tasks.checkpoint import load, save
from tasks.optimizers import KEPT, OPTIMIZERS, capture_optimizer, optimizer_of, restore_optimizer

CHOICES = {
    "adamw": {}, "adamw, torch form": {"form": "torch"}, "rmsprop": {}, "rmsprop, centered": {"momentum": 0.9, "centered": True}, "sgd": {},
    "sgd, momentum": {"momentum": 0.9},
}  # fmt: skip


def made(choice: str, model: nn.Module, lr: float = 1e-2) -> torch.optim.Optimizer:
    return optimizer_of(choice.split(",")[0], parameter_groups(model.named_parameters(), lr, weight_decay=0.1, head_lr_multiplier=3.0), lr, **CHOICES[choice])


def train(model: Exits, optimizer: torch.optim.Optimizer, steps: int) -> None:
    ids, mask, labels = batch()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        sum(model.losses(ids, mask, labels)).backward()
        optimizer.step()


@pytest.mark.parametrize(("name", "settings", "expected"), [
    ("sgd", {}, 2 - 0.1 * (0.5 + 0.01 * 2)),  # theta - lr (g + lam theta)
    ("sgd", {"momentum": 0.9}, 2 - 0.1 * (0.5 + 0.01 * 2)),  # m is g at first
    ("rmsprop", {"alpha": 0.99, "eps": 0.0}, 2 - 0.1 * 10),  # g / sqrt(.01 g^2) = 10 whatever g, decay included
    ("adamw", {"eps": 0.0}, (2 - 0.1) * (1 - 0.1 * 0.01)),  # one step of size lr, and decay apart from it
])
def test_the_first_step_by_hand_shows_where_decay_goes(name, settings, expected):
    weight = nn.Parameter(torch.tensor([2.0], dtype=torch.float64))
    optimizer = optimizer_of(name, [{"params": [weight], "weight_decay": 0.01}], lr=0.1, **settings)
    weight.grad = torch.tensor([0.5], dtype=torch.float64)
    optimizer.step()
    assert weight.item() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("choice", CHOICES)
def test_resumed_from_a_file_it_goes_on_as_if_never_stopped(choice, tmp_path):
    whole, first, second = Exits(), Exits(), Exits()
    train(whole, made(choice, whole), 5)
    optimizer = made(choice, first)
    train(first, optimizer, 3)
    save(tmp_path / "state", {"model": dict(first.state_dict()), "optimizer": capture_optimizer(optimizer, first.named_parameters())})
    state, again = load(tmp_path / "state"), made(choice, second)
    second.load_state_dict(state["model"])
    restore_optimizer(state["optimizer"], again, second.named_parameters(), choice.split(",")[0], "the checkpoint")
    train(second, again, 2)
    assert all(torch.equal(tensor, whole.state_dict()[name]) for name, tensor in second.state_dict().items())


@pytest.mark.parametrize("choice", CHOICES)
def test_what_is_kept_is_what_the_table_says_and_only_of_what_had_a_gradient(choice):
    model = Exits()
    optimizer = made(choice, model)
    train(model, optimizer, 1)
    kept, name = capture_optimizer(optimizer, model.named_parameters()), choice.split(",")[0]
    assert {key for values in kept.values() for key in values} <= set(KEPT[name])
    assert not any(".sts." in each for each in kept)  # no batch of sts came by
    if choice in ("rmsprop, centered", "sgd, momentum", "adamw"):
        assert {key for values in kept.values() for key in values} == set(KEPT[name])
    assert bool(kept) == (choice != "sgd")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_groups_keep_their_rates_through_a_schedule(name):
    model = Exits()
    optimizer = made(name, model, lr=1e-2)
    schedule = Schedule(optimizer, "linear", total=10, warmup=0.5)
    for _ in range(3):
        schedule.step()
    rates = {group["name"].split(",")[0]: group["lr"] for group in optimizer.param_groups}
    assert rates["encoder"] == pytest.approx(0.6e-2) and rates["heads"] == pytest.approx(1.8e-2)


def test_adamw_of_the_table_is_the_library_s_own():
    model, twin = Exits(), Exits()
    train(model, made("adamw", model), 3)
    train(twin, AdamW(parameter_groups(twin.named_parameters(), 1e-2, weight_decay=0.1, head_lr_multiplier=3.0), lr=1e-2), 3)
    assert all(torch.equal(tensor, twin.state_dict()[name]) for name, tensor in model.state_dict().items())


def test_a_capture_is_not_touched_by_giving_it_back():
    model = Exits()
    optimizer = made("sgd, momentum", model)
    train(model, optimizer, 1)
    saved = capture_optimizer(optimizer, model.named_parameters())
    before = copy.deepcopy(saved)
    restore_optimizer(saved, optimizer, model.named_parameters(), "sgd", "memory")
    train(model, optimizer, 2)
    assert all(torch.equal(values["momentum_buffer"], before[name]["momentum_buffer"]) for name, values in saved.items())


@pytest.mark.parametrize(("name", "settings", "message"), [
    ("rmsprob", {}, "there is no optimizer 'rmsprob', expected one of adamw, rmsprop, sgd; did you mean 'rmsprop'"),
    ("sgd", {"betas": (0.9, 0.999)}, r"optimizer 'sgd' with betas = \(0.9, 0.999\): .*unexpected keyword argument"),
    ("rmsprop", {"alpha": -1.0}, "optimizer 'rmsprop' with alpha = -1.0: Invalid alpha"),
    ("adamw", {"eps": -1.0}, "optimizer 'adamw' with eps = -1.0: "),
])
def test_unknown_names_and_settings_are_refused(name, settings, message):
    with pytest.raises(UserError, match=message):
        optimizer_of(name, [{"params": [nn.Parameter(torch.ones(1))]}], lr=0.1, **settings)


def test_a_past_of_another_optimizer_or_model_is_refused_and_changes_nothing():
    weight = nn.Parameter(torch.ones(3))
    optimizer = optimizer_of("sgd", [weight], lr=0.1, momentum=0.9)
    for saved, message in (
        ({"w": {"mean": torch.ones(3)}}, r"what is kept of w \(mean\) is not of this model under sgd"),
        ({"v": {"momentum_buffer": torch.ones(3)}}, "what is kept of v"),
        ({"w": {"momentum_buffer": torch.ones(2)}}, r"momentum_buffer of w does not fit its shape \(3,\)"),
    ):
        with pytest.raises(UserError, match=message):
            restore_optimizer(saved, optimizer, [("w", weight)], "sgd", "last.safetensors")
        assert not optimizer.state
