"""The samplers probe: how many steps, which tasks in them, and what chance decides.

Any fair order of the shuffled plan is right, so orders are never compared with a stored one: counts are, and facts about the order are.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.subjects.samplers import Plan, Samplers

UNEVEN = {"sst": 7, "sts": 11, "quora": 14}  # batches of 3: 3, 4 and 5 with what is left over, 2, 3 and 4 without
PLANS: dict[str, tuple[Mapping[str, int], int, int]] = {  # words -> sizes, batch size, iterations
    "for one task with one batch": ({"sst": 3}, 3, 0),
    "for two tasks whose batches come out even": ({"sst": 4, "sts": 8}, 2, 0),
    "for three tasks with examples left over": (UNEVEN, 3, 0),
    "for a task smaller than a batch": ({"sts": 11, "sst": 2}, 3, 0),
    "when one iteration is asked for": (UNEVEN, 3, 1),
    "when five iterations are asked for": (UNEVEN, 3, 5),
}
Steps = Sequence[Sequence[str]]


def probe(subject: Samplers, look: Look) -> None:
    """Look at one component's plans, then at the sampler that walks through them."""
    for words, asked in PLANS.items():
        look(f"the steps of lock_step {words}", lambda asked=asked: _words(_plan(subject.lock_step, *asked)))
    for words, asked in PLANS.items():
        if asked[2] == 0:  # with fewer steps than batches, chance decides which tasks they hold
            look(f"how often shuffled takes each task {words}", lambda asked=asked: _counts(_plan(subject.shuffled, *asked), asked[0]), axes=("task",))
    look("how many steps shuffled makes of five iterations", lambda: len(_plan(subject.shuffled, UNEVEN, 3, 5)))
    look("how many steps shuffled makes of thirty iterations", lambda: len(_plan(subject.shuffled, UNEVEN, 3, 30)))
    look("how often shuffled takes each task in every pass of thirty iterations", lambda: _passes(_plan(subject.shuffled, UNEVEN, 3, 30)), axes=("pass", "task"))
    look("the tasks in one step of shuffled", lambda: " ".join(sorted({"+".join(sorted(step)) for step in _plan(subject.shuffled, UNEVEN, 3, 0)})))
    _order(subject.shuffled, look)
    if subject.endless:
        look("a sampler of the same seed goes on where a saved state was taken", lambda: _resumes(subject.endless, 1))
        look("a sampler of another seed goes on where a saved state was taken", lambda: _resumes(subject.endless, 2))


def _plan(plan: Plan, sizes: Mapping[str, int], batch_size: int, iterations: int, seed: int = 0) -> Steps:
    return plan(sizes, batch_size, iterations, 0, torch.Generator().manual_seed(seed))


def _words(steps: Steps) -> str:
    """Tasks of a step joined by +, in the order of the alphabet, because their order within a step is nobody's business."""
    return f"{len(steps)}: " + " ".join("+".join(sorted(step)) for step in steps)


def _counts(steps: Steps, sizes: Mapping[str, int]) -> Tensor:
    return torch.tensor([float(sum(task in step for step in steps)) for task in sizes], dtype=torch.float64)


def _passes(steps: Steps) -> Tensor:
    return torch.stack([_counts(steps[:12], UNEVEN), _counts(steps[12:24], UNEVEN)])


def _order(plan: Plan, look: Look) -> None:
    generator = torch.Generator().manual_seed(5)
    epochs = [_safely(lambda epoch=epoch: plan(UNEVEN, 3, 0, epoch, generator)) for epoch in range(60)]
    look("the tasks of shuffled are mixed, not one after the other", lambda: sum(map(_changes, epochs)) / 60 > 5)
    look("every place of shuffled can hold every task", lambda: all({step[0] for step in place} == set(UNEVEN) for place in zip(*epochs)))
    look("the tasks of shuffled do not simply take turns", lambda: _changes(plan({"sst": 8, "sts": 8}, 1, 0, 0, generator)) < 15)
    look("two epochs of shuffled have two orders", lambda: _tell(epochs[0]) != _tell(epochs[1]) or _tell(epochs[1]) != _tell(epochs[2]))
    look("two passes of one epoch of shuffled have two orders", lambda: _two_passes(plan(UNEVEN, 3, 24, 0, generator)))
    look("one seed gives shuffled one order", lambda: _tell(_plan(plan, UNEVEN, 3, 0, 7)) == _tell(_plan(plan, UNEVEN, 3, 0, 7)))
    look("two seeds give shuffled two orders", lambda: len({_tell(_plan(plan, UNEVEN, 3, 0, seed)) for seed in range(4)}) > 1)
    look("shuffled leaves the global random numbers alone", lambda: _leaves_alone(lambda: plan(UNEVEN, 3, 0, 0, generator)))


def _safely(run: Callable[[], Steps]) -> Steps:
    try:
        return run()
    except NotImplementedError:
        raise
    except Exception:  # noqa: BLE001 (the looks before this one tell what is raised)
        return []


def _tell(steps: Steps) -> str:
    return " ".join("+".join(step) for step in steps)


def _changes(steps: Steps) -> int:
    return sum(one != other for one, other in itertools.pairwise(steps))


def _two_passes(steps: Steps) -> bool:
    return _tell(steps[:12]) != _tell(steps[12:])


def _leaves_alone(run: Callable[[], object]) -> bool:
    before = torch.get_rng_state(), random.getstate()
    run()
    return torch.equal(before[0], torch.get_rng_state()) and before[1] == random.getstate()


def _resumes(endless: Callable[..., object], seed: int) -> bool:
    first, second = endless("shuffled", UNEVEN, 3, 1), endless("shuffled", UNEVEN, 3, seed)
    for _ in range(17):  # into the second epoch
        next(first)  # type: ignore[call-overload]
    second.load_state_dict(first.state_dict())  # type: ignore[attr-defined]
    return [tuple(next(first)) for _ in range(30)] == [tuple(next(second)) for _ in range(30)]  # type: ignore[call-overload]
