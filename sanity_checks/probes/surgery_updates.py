"""The probe of GSE's two readings and its controls: two tasks in conflict, what each step goes along, and which batches were read for it.

With two tasks chance decides nothing. Every loss is a square, so a gradient at moved weights differs from one at the old weights.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.look import Look
from sanity_checks.probes.facts import once
from sanity_checks.subjects.surgery_updates import SurgeryUpdates

AIMS = {"first": (2.0, 1.0, -1.0), "second": (-3.0, 1.5, 0.5)}  # where each task pulls the shared weight, of three numbers
RATE = 0.125
# name, reading -> words
UPDATES = {
    ("gse", "stale"): "GSE", ("gse", "fresh"): "GSE with fresh gradients",
    ("summed-twice", "stale"): "two plain steps", ("summed-twice", "fresh"): "two plain steps with fresh gradients",
    ("pcgrad-twice", "stale"): "two PCGrad steps",
    ("pcgrad", "stale"): "PCGrad", ("pcgrad", "fresh"): "PCGrad, where nothing is read afresh", ("gradvac", "stale"): "GradVac",
}  # fmt: skip


class Task:
    """A loss of numbered batches, which notes what was read."""

    def __init__(self, name: str, shared: Tensor, head: Tensor, noted: list[str]) -> None:
        self.name, self.shared, self.head, self.noted = name, shared, head, noted
        self.drawn, self.replayed = 0, 0

    def __call__(self) -> Tensor:
        """The loss of the next batch."""
        self.drawn += 1
        return self._loss(self.drawn, "")

    def again(self) -> Tensor:
        """The loss of the batch that was read longest ago and not again yet."""
        self.replayed += 1
        return self._loss(self.replayed, " again")

    def _loss(self, batch: int, how: str) -> Tensor:
        self.noted.append(f"{self.name} {batch}{how}")
        aim = torch.tensor(AIMS[self.name], dtype=torch.float64) * (1 + batch / 4)
        return (self.shared - aim).square().sum() / 2 + (self.head - batch).square() * self.shared.sum().cos() / 16


class Run:
    """Calls of one update: the gradient of every step, what was read, the losses, and whether gradients were left behind."""

    def __init__(self, subject: SurgeryUpdates, name: str, reading: str, accumulation: int = 1, scale: float = 1.0, calls: int = 1) -> None:
        self.shared = torch.tensor([0.5, -0.25, 1.0], dtype=torch.float64, requires_grad=True)
        heads = {task: torch.tensor(0.25, dtype=torch.float64, requires_grad=True) for task in AIMS}
        self.parameters, self.noted, self.steps = [self.shared, *heads.values()], [], []  # type: ignore[var-annotated]
        for parameter in self.parameters:
            parameter.grad = torch.ones_like(parameter)  # left by somebody else
        thunks = {task: Task(task, self.shared, head, self.noted) for task, head in heads.items()}
        losses = subject.run(name, reading, thunks, self._step, self._forget, self.parameters, accumulation, lambda loss: (scale * loss).backward(), calls)
        self.losses = torch.stack([losses[task].detach().double() for task in AIMS])

    def _step(self) -> None:
        self.steps.append(torch.cat([torch.zeros(each.numel()).double() if each.grad is None else each.grad.flatten().clone() for each in self.parameters]))
        self.noted.append("step")
        with torch.no_grad():
            for each in self.parameters:
                each -= RATE * (0 if each.grad is None else each.grad)

    def _forget(self) -> None:
        for each in self.parameters:
            each.grad = None


def probe(subject: SurgeryUpdates, look: Look) -> None:
    """Look at one call of each update, then at accumulation, another backward and a second call."""
    for (name, reading), words in UPDATES.items():
        _looks(look, words, once(lambda name=name, reading=reading: Run(subject, name, reading)))
    _looks(look, "GSE with fresh gradients of two batches a task", once(lambda: Run(subject, "gse", "fresh", accumulation=2)))
    _looks(look, "GSE with a backward that scales", once(lambda: Run(subject, "gse", "fresh", scale=4.0)))
    _looks(look, "two calls of GradVac", once(lambda: Run(subject, "gradvac", "stale", calls=2)))


def _looks(look: Look, words: str, run: object) -> None:
    found = lambda: run()  # type: ignore[operator]
    look(f"what is read and stepped by {words}", lambda: ", ".join(found().noted))
    look(f"the gradient of every step of {words}", lambda: torch.stack(found().steps), axes=("step", "number"))
    look(f"the losses told by {words}", lambda: found().losses, axes=("task",))
    look(f"no gradient is left behind by {words}", lambda: all(each.grad is None for each in found().parameters))
