"""AdamW, step by step: golden numbers, the algorithm in plain Python floats, and torch.optim.AdamW.

Large rates and decays (0.1, 0.3), a large epsilon (0.1) and other betas make every misplaced factor visible within two steps; at usual values
most of them hide below any tolerance. The first and the second step are told apart: a wrong first step is a wrong formula, a right first and a
wrong second one means state that was not kept.
"""

from __future__ import annotations

import copy
import inspect

import torch
from torch import Tensor

from optim import AdamW
from sanity_checks.judge import expect, same
from sanity_checks.light import bare
from sanity_checks.oracles.adamw_by_hand import GOLDEN, GRADIENTS, HARD, by_hand, numbers, walk


def golden_numbers() -> float:
    """Three steps on one number give the published figures of both forms."""
    worst = 0.0
    for name, changed, expected in GOLDEN:
        theta = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer = AdamW([theta], **{"lr": 1e-2, "weight_decay": 0.1, "eps": 1e-6, **changed})
        path = walk(optimizer, [theta], [[torch.tensor([gradient], dtype=torch.float64)] for gradient in GRADIENTS])
        worst = max(worst, same(f"theta after three steps of {name}", path[-1][0], torch.tensor([expected], dtype=torch.float64), 1e-12))
    return worst


def course_form_equals_the_algorithm() -> float:
    """Two parameters, one of them without a gradient at step 2, follow the algorithm; with bias correction and without."""
    # The backend "compiled" needs a compiler and a minute; tests/optim/ holds it to the same numbers.
    return max(_compare_by_hand(correct_bias, backend) for correct_bias in (True, False) for backend in ("eager", "fused", "auto"))


def _compare_by_hand(correct_bias: bool, backend: str) -> float:
    parameters = [numbers((2, 3), 1), numbers((5,), 2)]
    gradients = [[numbers(parameter.shape, 10 * step + index).detach() for index, parameter in enumerate(parameters)] for step in range(4)]
    steps: list[list[Tensor | None]] = [list(row) for row in gradients]
    steps[1][1] = None  # this parameter takes no part: it must neither move nor decay, and its own step count waits
    starts = [parameter.detach().flatten().tolist() for parameter in parameters]
    path, worst = walk(AdamW(parameters, **HARD, correct_bias=correct_bias, backend=backend), parameters, steps), 0.0
    for which, start in enumerate(starts):
        rows = [None if step[which] is None else step[which].flatten().tolist() for step in steps]
        expected = [by_hand(theta, [row and row[place] for row in rows], **HARD, correct_bias=correct_bias) for place, theta in enumerate(start)]
        for step, values in enumerate(zip(*expected)):
            what = f"parameter {which + 1} after step {step + 1}" + ("" if correct_bias else " without bias correction") + f" ({backend})"
            worst = max(worst, same(what, path[step][which].flatten(), torch.tensor(values, dtype=torch.float64), 1e-12))
    return worst


def torch_form_equals_torch() -> float:
    """form="torch" is torch.optim.AdamW over two groups with rates of their own."""
    worst, results = 0.0, []
    for make in (lambda groups: AdamW(groups, **HARD, form="torch"), lambda groups: bare(torch.optim.AdamW(groups, **HARD))):
        parameters = [numbers((2, 3), 1), numbers((5,), 2)]
        groups = [{"params": parameters[:1]}, {"params": parameters[1:], "lr": 0.03, "weight_decay": 0.0}]
        steps = [[numbers(parameter.shape, 10 * step + index).detach() for index, parameter in enumerate(parameters)] for step in range(5)]
        results.append(walk(make(groups), parameters, steps))
    for step, (ours, theirs) in enumerate(zip(*results)):
        worst = max(worst, *(same(f"parameter {which + 1} after step {step + 1}", a, b, 1e-12) for which, (a, b) in enumerate(zip(ours, theirs))))
    return worst


def groups_keep_their_settings() -> float:
    """Each group's own rate, betas, epsilon and decay are used, not the first group's."""
    parameters, worst = [numbers((3,), 1), numbers((5,), 2)], 0.0
    other = {"lr": 0.02, "betas": (0.7, 0.9), "eps": 0.01, "weight_decay": 0.1}
    starts = [parameter.detach().tolist() for parameter in parameters]
    gradients = [numbers((3,), 5).detach(), numbers((5,), 6).detach()]
    path = walk(AdamW([{"params": parameters[:1]}, {"params": parameters[1:], **other}], **HARD), parameters, [gradients, gradients])
    for which, settings in enumerate((HARD, other)):
        expected = [by_hand(theta, [slope, slope], **settings)[-1] for theta, slope in zip(starts[which], gradients[which].tolist())]
        worst = max(worst, same(f"the parameter of group {which + 1}", path[-1][which], torch.tensor(expected, dtype=torch.float64), 1e-12))
    return worst


def state_survives_save_and_load() -> None:
    """After state_dict, load_state_dict into a new optimizer, the next step is bit for bit the same."""
    parameter = numbers((3, 5), 1)
    steps = [[numbers((3, 5), 7 + step).detach()] for step in range(4)]
    optimizer = AdamW([parameter], **HARD)
    walk(optimizer, [parameter], steps[:3])
    twin = parameter.detach().clone().requires_grad_()
    again = AdamW([twin], **HARD)
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    ours, resumed = walk(optimizer, [parameter], steps[3:]), walk(again, [twin], steps[3:])
    expect(torch.equal(ours[0][0], resumed[0][0]), "the step after loading differs: some of the state is not in state_dict")


def gradients_stay_and_closures_work() -> None:
    """The gradient is left as it was, and step(closure) computes the loss with gradients on and returns it."""
    parameter = numbers((3,), 1)
    optimizer = AdamW([parameter], **HARD)
    parameter.grad = numbers((3,), 2).detach()
    before = parameter.grad.clone()
    optimizer.step()
    expect(torch.equal(parameter.grad, before), "step() changed the gradient")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = parameter.square().sum()
        loss.backward()
        return loss

    loss = optimizer.step(closure)
    expect(loss is not None and loss.item() > 0, "step(closure) does not return the loss")


def defaults_are_the_course_s() -> None:
    """AdamW(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0, correct_bias=True), in this order."""
    wanted = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-6, "weight_decay": 0.0, "correct_bias": True}
    found = {name: parameter.default for name, parameter in inspect.signature(AdamW).parameters.items() if name in wanted}
    expect(list(found.items()) == list(wanted.items()), f"the defaults are {found}, expected {wanted}")


PROBES = (golden_numbers, course_form_equals_the_algorithm, torch_form_equals_torch, groups_keep_their_settings, state_survives_save_and_load,
          gradients_stay_and_closures_work, defaults_are_the_course_s)
