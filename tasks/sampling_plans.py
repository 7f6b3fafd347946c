"""Plans whose steps hold one task each, drawn with probabilities that depend on the sizes of the sets.

    P(task i) = N_i^alpha / sum_j N_j^alpha        alpha 1 proportional, .5 square-root, 0 uniform
    annealed:  alpha_e = 1 - 0.8 (e - 1) / (E - 1)        e = 1 .. E, from proportional down to .2 (Stickland and Murray 2019, section 4.2)

A plan chooses the task of a whole step. With accumulation all batches of a step come from that task, since a sum of gradients of other
tasks would be another method; and since a plan is a function of its seed alone, every process of a run draws the same tasks.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import torch
from torch import Tensor

FALL = 0.8  # how far alpha falls: the last epoch has 1 - 0.8


def probabilities(sizes: Mapping[str, int], alpha: float) -> Tensor:
    """N_i^alpha over their sum, float64 (K,), in the order of `sizes`; alpha from 0 (uniform) to 1 (proportional).

    >>> probabilities({"sst": 8544, "quora": 141_506, "sts": 6041}, 0.5)
    tensor([0.1692, 0.6885, 0.1423], dtype=torch.float64)
    """
    powers = torch.tensor(list(sizes.values()), dtype=torch.float64) ** alpha  # (K,)
    return powers / powers.sum()


def annealed_alpha(epoch: int, epochs: int) -> float:
    """The alpha of one epoch, counted from 0 as everywhere in this library: 1 in the first, 0.2 in the last; 1 where there is only one.

    >>> annealed_alpha(0, 10), round(annealed_alpha(4, 10), 4), round(annealed_alpha(9, 10), 4)
    (1.0, 0.6444, 0.2)
    """
    if epochs == 1:
        return 1.0  # the line from 1 to .2 has no second point
    return 1 - FALL * min(epoch, epochs - 1) / (epochs - 1)  # past the end it stays: a power below .2 was never meant


def own_steps(sizes: Mapping[str, int], batch_size: int) -> int:
    """Steps of an epoch: as many batches as lock-step takes, K min over tasks of floor(N / B).

    The paper fixes a number (2400 for eight tasks, 300 each) and leaves its choice open. This one makes every plan here cost what the lock-step
    baseline costs, 3 * 755 batches on the course's sets, so that two plans differ in nothing but whose batches they are.
    """
    return len(sizes) * max(1, min(size // batch_size for size in sizes.values()))


def round_robin(sizes: Mapping[str, int], batch_size: int, iterations: int, epoch: int, generator: torch.Generator) -> list[tuple[str, ...]]:
    """The tasks in turn, one a step. An epoch goes on where the last one stopped, so that no task is ahead by more than one step.

    Nothing is drawn: generator is taken because every plan gets one.
    """
    names, steps = list(sizes), iterations or own_steps(sizes, batch_size)
    return [(names[step % len(names)],) for step in range(epoch * steps, (epoch + 1) * steps)]


def proportional(
    sizes: Mapping[str, int], batch_size: int, iterations: int, epoch: int, generator: torch.Generator, alpha: float = 1.0
) -> list[tuple[str, ...]]:
    """Each step draws its task with probability N_i^alpha over their sum; with alpha = 1 every example is equally likely."""
    names, steps = list(sizes), iterations or own_steps(sizes, batch_size)
    drawn = torch.multinomial(probabilities(sizes, alpha), steps, replacement=True, generator=generator)  # (steps,)
    return [(names[task],) for task in drawn.tolist()]


square_root = functools.partial(proportional, alpha=0.5)


def annealed(
    sizes: Mapping[str, int], batch_size: int, iterations: int, epoch: int, generator: torch.Generator, epochs: int = 1
) -> list[tuple[str, ...]]:
    """`proportional` at first, then ever more even: large sets teach the shared weights, and in the end no task is drowned by them."""
    return proportional(sizes, batch_size, iterations, epoch, generator, annealed_alpha(epoch, epochs))


PLANS = {"round-robin": round_robin, "proportional": proportional, "square-root": square_root, "annealed": annealed}
FOLLOWS_EPOCHS = frozenset({"annealed"})  # the plans that must be told how many epochs there will be
