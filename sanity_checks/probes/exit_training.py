"""The probe of training exits: whose losses count in which step, what their sum moves, and how a small layer learns who is right.

Letters: B batch, F features, k classes, n exits.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, rates, refused, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.exit_training import ExitTrainingOf

B, F, K, N, STEPS = 5, 3, 4, 4, 14
CLASSES = torch.tensor([2, 0, 1, 3, 2])
LABELS = {"classes": CLASSES, "binary": torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0]), "regression": torch.tensor([1.0, 4.0, 2.5, 0.0, 5.0], dtype=torch.float64)}
SWITCHES = (("parity", "final"), ("parity", "even"), ("parity", "all"), ("parity", "none"), ("final", "final"), ("final", "even"), ("all", "even"), ("all", "all"))


def probe(subject: ExitTrainingOf, look: Look) -> None:
    """Look at weights, steps, losses, turns, then at the learned certainty."""
    _weights(subject, look)
    _steps(subject, look)
    _losses(subject, look)
    _turns(subject, look)
    _certainty(subject, look)


def _weights(subject: ExitTrainingOf, look: Look) -> None:
    for rule in ("joint", "weighted", "final"):
        for exits in (1, 2, N):
            look(f"the weights of {exits} exits by {rule}", lambda rule=rule, exits=exits: torch.tensor(subject.weights(rule, exits, 0, "mean")), axes=("exit",))
        look(f"the weights of {N} exits by {rule} that are summed", lambda rule=rule: torch.tensor(subject.weights(rule, N, 0, "sum")), "option", ("exit",))
    look(f"the weights of {STEPS} alternating steps", lambda: torch.tensor([subject.weights("alternating", 3, taken, "mean") for taken in range(STEPS)]), axes=("step", "exit"))
    for words, given in {"a rule that nobody knows": ("some", "mean"), "a sum that nobody knows": ("joint", "median")}.items():
        look(f"{words} is refused", lambda given=given: refused(lambda: subject.weights(given[0], N, 0, given[1])), "option")
    look("the weights of two alternating steps that are summed", lambda: torch.tensor([subject.weights("alternating", 3, taken, "sum") for taken in (0, 1)]), "option")


def _steps(subject: ExitTrainingOf, look: Look) -> None:
    for regime in ("joint", "weighted"):
        look(f"who is asked in a step of {regime} training", lambda regime=regime: _told(subject.step(regime, 3, 5)))
    for taken in (0, 1):
        look(f"who is asked in step {taken + 1} of alternating training", lambda taken=taken: _told(subject.step("alternating", 3, taken)))
    for taken in (0, 6, 7, 8, 20):
        look(f"who is asked in step {taken + 1} of two-stage training with 7 steps in the first", lambda taken=taken: _told(subject.step("two-stage", N, taken, 7)))
        look(f"the weights of step {taken + 1} of two-stage training with 7 steps in the first", lambda taken=taken: torch.tensor(subject.step("two-stage", N, taken, 7)[0]))
    look("the weights of the second stage that are summed", lambda: torch.tensor(subject.step("two-stage", N, 9, 7, "sum")[0]), "option")
    look("a way of training that nobody knows is refused", lambda: refused(lambda: subject.step("by halves", N, 0)), "option")
    look("a second stage without a number of steps is refused", lambda: refused(lambda: subject.step("two-stage", N, 0)), "option")
    look("a second stage with one exit is refused", lambda: refused(lambda: subject.step("two-stage", 1, 9, 7)), "option")


def _told(step: tuple) -> str:
    _, asked, learns = step
    return f"exits {', '.join(map(str, sorted(asked))) or 'none'}; learns: {learns}"


def _losses(subject: ExitTrainingOf, look: Look) -> None:
    losses = lambda: [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (2.0, 3.0, 5.0)]
    for weights in ((0.25, 0.25, 0.5), (0.0, 0.0, 1.0), (0.5, 0.5, 0.0), (0.2, 0.0, 0.8), (1.0, 1.0, 1.0)):
        words = ", ".join(f"{weight:g}" for weight in weights)
        look(f"the sum of three losses with weights {words}", lambda weights=weights: subject.combine(losses(), weights))
        look(f"the gradients of three losses with weights {words}", lambda weights=weights: _gradients(subject, losses(), weights))
    look("a loss that is missing is refused", lambda: refused(lambda: subject.combine([None, *losses()[1:]], (0.5, 0.25, 0.25))), "option")
    for kind, labels in LABELS.items():
        logits = [2 * numbers(B, *([K] if kind == "classes" else []), seed=321 + place) for place in range(3)]
        for taken in (0, 1):
            said = logits if taken else [None, None, logits[2]]
            look(f"the loss of {kind} in alternating step {taken + 1}", lambda kind=kind, labels=labels, said=said, taken=taken: subject.loss(kind, said, labels, "alternating", taken))


def _gradients(subject: ExitTrainingOf, losses: list[Tensor], weights: tuple[float, ...]) -> str:
    subject.combine(losses, weights).backward()
    return ", ".join("none" if each.grad is None else f"{float(each.grad):.4g}" for each in losses)


def _turns(subject: ExitTrainingOf, look: Look) -> None:
    for exits, smart_on in SWITCHES:
        told = lambda exits=exits, smart_on=smart_on: torch.tensor([subject.turn(exits, smart_on, taken) for taken in range(STEPS)]).double()
        look(f"the turns of exits {exits} with SMART on {smart_on}", told, "error" if exits == "parity" and smart_on in ("final", "even") else "option", ("step", "switch"))
    for exits, smart_on in (("parity", "final"), ("parity", "all"), ("all", "even")):
        look(f"the share of steps with SMART of exits {exits} on {smart_on}", lambda e=exits, s=smart_on: subject.share(e, s), "option")
        look(f"what exits {exits} with SMART on {smart_on} cost", lambda e=exits, s=smart_on: subject.cost(e, s, 3.5, 1.25), "option")


def _certainty(subject: ExitTrainingOf, look: Look) -> None:
    features = [numbers(B, F, seed=331 + place) for place in range(3)]
    module = once(lambda: subject.certainty(F, True))
    with torch.no_grad():
        look("the certainty of one example", lambda: module()(features[0][:1]))
        look("the certainty of five examples", lambda: module()(features[0]), axes=("example",))
    look("the rates of dropout of the certainty", lambda: _rates(subject.certainty(F, True, 0.25), features[0]), "train")
    for kind, labels in LABELS.items():
        logits = [labels + numbers(B, seed=341 + place) if kind == "regression" else 2 * numbers(B, *([K] if kind == "classes" else []), seed=344 + place) for place in range(3)]
        look(f"the target of {kind}", lambda kind=kind, logits=logits, labels=labels: subject.target(kind, logits[0], labels, 1.0), axes=("example",))
        if kind == "regression":
            look("the target of a regression on another scale", lambda logits=logits, labels=labels: subject.target("regression", logits[0], labels, 5.0), axes=("example",))
        look(f"whether the target of {kind} has a gradient", lambda kind=kind, logits=logits, labels=labels: subject.target(kind, logits[0].clone().requires_grad_(), labels, 1.0).requires_grad)
        found = list(zip(features, logits))
        loss = lambda kind=kind, found=found, labels=labels: subject.certainty_loss(module(), found, kind, labels, 2.0)
        look(f"the certainty's loss of one exit of {kind}", lambda kind=kind, found=found, labels=labels: subject.certainty_loss(module(), found[:1], kind, labels, 2.0))
        look(f"the certainty's loss of three exits of {kind}", loss)
    look("who gets a gradient from the certainty's loss", lambda: _moved(subject, True))
    look("who gets a gradient from the certainty's loss that stays in the layer", lambda: _moved(subject, False), "option")
    look("labels and scores stay as they were", lambda: untouched(lambda scores, labels: subject.target("regression", scores, labels, 1.0), features[0][:, 0], LABELS["regression"]))
    look("a scale of 0 is refused", lambda: refused(lambda: subject.target("regression", features[0][:, 0], LABELS["regression"], 0.0)), "option")


def _rates(module: nn.Module, features: Tensor) -> str:
    with recorded_dropout() as calls:
        module.train()(features)
    return rates(calls)


def _moved(subject: ExitTrainingOf, through: bool) -> str:
    module = subject.certainty(F, through)
    features, logits = numbers(B, F, seed=351).requires_grad_(), numbers(B, seed=352).requires_grad_()
    subject.certainty_loss(module, [(features, logits)], "regression", LABELS["regression"], 2.0).backward()
    parts = {"the layer": module.linear.weight, "the features": features, "the scores": logits}
    return ", ".join(name for name, each in parts.items() if each.grad is not None and bool(each.grad.any())) or "nobody"
