"""The sections of a recipe that choose how a step is made: who takes part, how gradients meet, and what is added to the loss."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.recipe_rules import ABOVE_0, FROM_0, UNIT, check_fields, choice, setting, whole

SAMPLERS = choice("lock-step", "shuffled", "round-robin", "proportional", "square-root", "annealed")
UPDATES = choice("separate", "summed", "pcgrad", "gradvac", "gse", "summed-twice", "pcgrad-twice")


@dataclass(frozen=True)
class SamplerSettings:
    """[sampler]: which tasks take part in a step (door 6), and how batches are formed."""

    name: str = setting("lock-step", SAMPLERS, "every task each step; or one task per step: see tasks/samplers.py and tasks/sampling_plans.py")
    batch_size: int = setting(8, whole(1), "B, rows per batch")
    window: int = setting(50, whole(1), "batches sorted by length together; 1 = plain random batches")
    iterations: int = setting(0, whole(0, note="0 = the sampler's own number"), "steps per epoch; 0 = the sampler's own number")
    times: int = setting(1, whole(1, 1000), "how many times the sampler's own number of steps makes an epoch; small sets begin again")

    def __post_init__(self) -> None:
        check_fields(self, "sampler")


@dataclass(frozen=True)
class UpdateSettings:
    """[update]: how the tasks of one step move the weights (door 5)."""

    name: str = setting("separate", UPDATES, "how the tasks' gradients meet, see tasks/updates.py and tasks/surgery_updates.py")
    reading: str = setting("stale", choice("stale", "fresh"), "two updates a step: the second at the gradients of the first, or anew")

    def __post_init__(self) -> None:
        check_fields(self, "update")


@dataclass(frozen=True)
class RegularizerSettings:
    """[regularizer]: what is added to every task's loss (door 3)."""

    name: str = setting("none", choice("none", "smart", "smart-mt-dnn", "r-drop"), "SMART of the paper, or of mt-dnn, or R-Drop")
    weight: float = setting(0.0, FROM_0, "its weight lambda in the loss; 0 never calls it")
    epsilon: float = setting(1e-5, FROM_0, "smart: radius of the ball (smart-mt-dnn: guard of a division)")
    sigma: float = setting(1e-5, FROM_0, "standard deviation of the random start")
    eta: float = setting(1e-3, ABOVE_0, "step of the ascent")
    steps: int = setting(1, whole(0, 100), "smart: steps of the ascent")
    norm: str = setting("inf", choice("inf", "2"), "smart: the norm of ball and step")
    scope: str = setting("batch", choice("token", "sentence", "batch"), "smart: what one norm is taken over")
    dropout: str = setting("same", choice("same", "independent", "off"), "smart: masks of the perturbed pass")
    point: str = setting("normalised", choice("words", "summed", "normalised", "output"), "where the embeddings are perturbed, see minbert/entry_points.py")
    reduction: str = setting("mean", choice("mean", "sum"), "smart-mt-dnn: sum multiplies lambda by the batch size")

    def __post_init__(self) -> None:
        check_fields(self, "regularizer")


@dataclass(frozen=True)
class BregmanSettings:
    """[bregman]: the pull of a teacher that follows slowly; weight 0 has none."""

    weight: float = setting(0.0, FROM_0, "its weight mu in the loss; 0 keeps no teacher")
    momentum: float = setting(0.99, UNIT, "beta at first: 1 stands still, 0 is VBPP")
    late_momentum: float = setting(0.999, UNIT, "beta after the switch")
    switch: float = setting(0.1, UNIT, "share of all updates after which beta changes")
    every: int = setting(1, whole(1), "updates between two moves of the teacher; VBPP needs more than 1")

    def __post_init__(self) -> None:
        check_fields(self, "bregman")
