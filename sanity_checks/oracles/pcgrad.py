"""PCGrad: the golden examples, algorithm 1 word for word on flat vectors, GSE on its golden toy, and the wrapper against both."""

from __future__ import annotations

import torch
from torch import Tensor

from optim.pcgrad import pcgrad
from optim.surgery import PCGrad, gse_merges, steps_along
from sanity_checks.fingerprint import numbers
from sanity_checks.judge import expect, same
from sanity_checks.light import bare

# methods: two tasks, three tasks (each answer that an order can give), heads, and the whole vector
TWO = ((1.0, 0.0), (-1.0, 1.0))
THREE = ((1.0, 0.0, 0.0), (-1.0, 1.0, 0.0), (0.0, -1.0, 1.0))
FIRSTS, SECOND, THIRDS = ((0.5, 0.25, 0.25), (0.5, 0.5, 0.0)), (0.0, 0.5, 0.5), ((-0.5, -0.5, 1.0), (0.0, -0.5, 1.0))
GSE = {"first": (-0.11327504, 0.76053259), "second": (-0.31327504, 0.31053259)}


def real(*values: float) -> Tensor:
    """A float64 vector."""
    return torch.tensor(values, dtype=torch.float64)


def seeded(seed: int = 0) -> torch.Generator:
    """The generator of one run."""
    return torch.Generator().manual_seed(seed)


def two_tasks_give_the_golden_numbers() -> float:
    """g1 = (1, 0), g2 = (-1, 1): sum (.5, 1.5), mean (.25, .75); with heads the same, and heads stay whole."""
    gradients = [[real(*each)] for each in TWO]
    heads = [[real(1, 0), real(2, 0), None], [real(-1, 1), None, real(0, 3)]]
    worst = 0.0
    for reduction, expected in (("sum", real(0.5, 1.5)), ("mean", real(0.25, 0.75))):
        worst = max(worst, same(f"the {reduction} of two tasks", pcgrad(gradients, seeded(), reduction)[0], expected))
        for got, right in zip(pcgrad(heads, seeded(), reduction), (expected, real(2, 0), real(0, 3))):
            worst = max(worst, same(f"the {reduction} of two tasks with heads", got, right))
    whole = pcgrad([[real(1), real(-2)], [real(1), real(1)]], seeded())
    return max(worst, same("two tasks over two parameters", torch.cat(whole), real(2.7, -0.9)))


def three_tasks_give_the_golden_numbers() -> None:
    """Every answer is one of the four that orders can give, and each of them comes."""
    possible = {tuple((real(*first) + real(*SECOND) + real(*third)).tolist()) for first in FIRSTS for third in THIRDS}
    seen = {tuple(pcgrad([[real(*each)] for each in THREE], seeded(seed))[0].tolist()) for seed in range(60)}
    expect(seen == possible, f"three tasks gave {sorted(seen)}, expected {sorted(possible)}")


def is_the_algorithm_of_the_paper() -> float:
    """Word for word on flat vectors, for two to five tasks, in the same order."""
    worst = 0.0
    for case in range(60):
        gradients, generator = [numbers(7, seed=100 * case + task) for task in range(2 + case % 4)], seeded(case)
        results = []
        for i, own in enumerate(gradients):
            p = own.clone()
            for j in torch.randperm(len(gradients), generator=generator).tolist():
                if j != i and p @ gradients[j] < 0:
                    p = p - (p @ gradients[j]) / (gradients[j] @ gradients[j]) * gradients[j]
            results.append(p)
        worst = max(worst, same(f"{len(gradients)} tasks", pcgrad([[each] for each in gradients], seeded(case))[0], torch.stack(results).sum(0)))
    return worst


def losses(theta: Tensor) -> list[Tensor]:
    """The golden toy: two quadratic tasks."""
    toy = ((real(1, 4), real(1, 0)), (real(3, 1), real(-1, 0.5)))
    return [(curvature * (theta - centre) ** 2).sum() / 2 for curvature, centre in toy]


def gse_gives_the_golden_numbers() -> float:
    """Stale GSE with plain steps of 0.1 from (0, 1), after each of its two steps."""
    theta, seen = real(0, 1).requires_grad_(), []
    gradients = [[torch.autograd.grad(loss, theta)[0]] for loss in losses(theta)]

    def step() -> None:
        with torch.no_grad():
            theta.sub_(0.1 * theta.grad)
        seen.append(theta.detach().clone())

    steps_along([theta], gradients, gse_merges(seeded()), step)
    expect(len(seen) == 2, f"GSE made {len(seen)} steps, expected 2")
    return max(same(f"theta after the {which} step", got, real(*right), 1e-8) for got, (which, right) in zip(seen, GSE.items()))


def the_wrapper_merges_and_accumulates() -> float:
    """pc_backward writes what pcgrad gives for the losses' gradients, and adds to what is there."""
    theta, worst = real(0, 1).requires_grad_(), 0.0
    gradients = [[torch.autograd.grad(loss, theta)[0]] for loss in losses(theta)]
    for reduction in ("sum", "mean"):
        wrapper, expected = PCGrad(bare(torch.optim.SGD([theta], lr=0.1)), reduction), pcgrad(gradients, seeded(), reduction)[0]
        wrapper.zero_grad()
        for times in (1, 2):
            wrapper.pc_backward(losses(theta * 1.0))
            worst = max(worst, same(f"the gradient after {times} calls of pc_backward", theta.grad, times * expected))
    return worst


PROBES = (two_tasks_give_the_golden_numbers, three_tasks_give_the_golden_numbers, is_the_algorithm_of_the_paper, gse_gives_the_golden_numbers,
          the_wrapper_merges_and_accumulates)  # fmt: skip
