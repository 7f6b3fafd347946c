"""The probe of the sampling plans: probabilities, the exponent of every epoch, and how often each plan takes each task.

What is drawn is never compared draw by draw: shares of many steps, in tenths, and facts are. Letters: K tasks.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.subjects.sampling_plans import SamplingPlans, Steps

SIZES = {"sst": 10, "quora": 70, "sts": 20}  # with alpha 1 and 0.2 no share is near the middle between two tenths
STEPS = 3000


def probe(subject: SamplingPlans, look: Look) -> None:
    """Look at the formulas, then at the plans."""
    for alpha, level in ((1.0, "error"), (0.5, "error"), (0.0, "error"), (0.2, "error")):
        look(f"the probabilities with alpha {alpha:g}", lambda alpha=alpha: subject.probabilities(SIZES, alpha), level, ("task",))
    look("the probability of the only task", lambda: subject.probabilities({"sst": 9}, 0.5), axes=("task",))
    look("the exponent of the first of two epochs", lambda: subject.alpha(0, 2))
    look("the exponent of the last of two epochs", lambda: subject.alpha(1, 2))
    look("the exponents of five epochs", lambda: torch.tensor([float(subject.alpha(epoch, 5)) for epoch in range(5)]), axes=("epoch",))
    look("the exponent of the only epoch", lambda: subject.alpha(0, 1))
    look("the exponent after the last epoch", lambda: subject.alpha(7, 5), "option")
    for words, sizes in (("whose batches come out even", {"sst": 4, "sts": 8}), ("with examples left over", SIZES), ("smaller than a batch", {"sts": 11, "sst": 3})):
        look(f"the number of steps of tasks {words}", lambda sizes=sizes: subject.steps(sizes, 4))
    _round_robin(subject, look)
    _drawn(subject, look)


def _plan(plan: Callable[..., Steps], iterations: int, *told: float, epoch: int = 0, seed: int = 3, sizes: Mapping[str, int] = SIZES) -> Steps:
    return plan(sizes, 4, iterations, epoch, torch.Generator().manual_seed(seed), *told)


def _words(steps: Steps) -> str:
    return " ".join("+".join(step) for step in steps)


def _round_robin(subject: SamplingPlans, look: Look) -> None:
    plan = subject.round_robin
    look("the steps of round_robin for one task", lambda: _words(_plan(plan, 0, sizes={"sst": 8})))
    look("the steps of round_robin for three tasks", lambda: _words(_plan(plan, 0)))
    look("the steps of round_robin when four are asked for", lambda: _words(_plan(plan, 4)))
    look("the steps of round_robin in the second epoch of four", lambda: _words(_plan(plan, 4, epoch=1)))
    look("two seeds give round_robin one order", lambda: _words(_plan(plan, 4, seed=1)) == _words(_plan(plan, 4, seed=2)))


def _shares(steps: Steps, sizes: Mapping[str, int] = SIZES) -> Tensor:
    """The share of steps that hold each task, (K,), in tenths."""
    return torch.tensor([round(10 * sum(name in step for step in steps) / max(1, len(steps))) / 10 for name in sizes], dtype=torch.float64)


def _drawn(subject: SamplingPlans, look: Look) -> None:
    plan = subject.proportional
    look("how many steps proportional makes", lambda: len(_plan(plan, 0, 1.0)))
    look("how many steps proportional makes when seven are asked for", lambda: len(_plan(plan, 7, 1.0)))
    look("how many tasks a step of proportional holds", lambda: " ".join(sorted({str(len(step)) for step in _plan(plan, 40, 1.0)})))
    look("the tasks of proportional are mixed, not one after the other", lambda: _changes(_plan(plan, 200, 1.0)) > 30)
    for alpha in (1.0, 0.2):
        look(f"how often proportional takes each task with alpha {alpha:g}", lambda alpha=alpha: _shares(_plan(plan, STEPS, alpha)), axes=("task",))
    for words, run in {"proportional": lambda **given: _plan(plan, 40, 1.0, **given), "annealed": lambda **given: _plan(subject.annealed, 40, 5, **given)}.items():
        look(f"one seed gives {words} one order", lambda run=run: _words(run()) == _words(run()))
        look(f"two seeds give {words} two orders", lambda run=run: len({_words(run(seed=seed)) for seed in range(4)}) > 1)
        look(f"{words} leaves the global random numbers alone", lambda run=run: _leaves_alone(run))
    look("two epochs of proportional have two orders", lambda: _two_epochs(subject))
    look("how many steps annealed makes", lambda: len(_plan(subject.annealed, 0, 5)))
    for epoch, words in ((0, "first"), (3, "fourth"), (4, "last")):
        look(f"how often annealed takes each task in the {words} of five epochs", lambda epoch=epoch: _shares(_plan(subject.annealed, STEPS, 5, epoch=epoch)), axes=("task",))
    look("how often annealed takes each task in the only epoch", lambda: _shares(_plan(subject.annealed, STEPS, 1)), axes=("task",))


def _changes(steps: Steps) -> int:
    return sum(one != other for one, other in itertools.pairwise(steps))


def _two_epochs(subject: SamplingPlans) -> bool:
    generator = torch.Generator().manual_seed(3)
    return len({_words(subject.proportional(SIZES, 4, 40, epoch, generator, 1.0)) for epoch in range(3)}) > 1


def _leaves_alone(run: Callable[[], object]) -> bool:
    before = torch.get_rng_state()
    run()
    return torch.equal(before, torch.get_rng_state())
