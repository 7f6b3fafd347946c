"""The ensemble probe: answers joined by id, what is averaged and what it comes to, the greedy choice, and scores of different scales.

Letters: N examples, k classes.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import refused, same, untouched
from sanity_checks.subjects.ensemble import Ensemble

N, K = 7, 3
LABELS = torch.tensor([1.0, 0.0, 2.0, 1.0, 0.5, 2.0, 0.0], dtype=torch.float64)
NAMES = ("a", "b", "c", "d", "e", "f", "g")


def probe(subject: Ensemble, look: Look) -> None:
    """Look at joining, averaging, choosing and scaling, small inputs first."""
    _joining(subject, look)
    _averaging(subject, look)
    _choosing(subject, look)
    _scaling(subject, look)


def _joining(subject: Ensemble, look: Look) -> None:
    first, second = torch.arange(3.0), torch.tensor([10.0, 20.0, 30.0])
    read = lambda ids, values=second: subject.joined([(("x", "y", "z"), first), (ids, values)])
    look("answers of two models in the same order", lambda: torch.stack(read(("x", "y", "z"))), axes=("model", "example"))
    look("answers of two models in two orders", lambda: torch.stack(read(("y", "z", "x"))), axes=("model", "example"))
    look("a model that lacks an example is refused", lambda: refused(lambda: read(("x", "y"), second[:2])))
    look("a model that has an example too many is refused", lambda: refused(lambda: read(("z", "w", "y", "x"), torch.arange(4.0))))


def _averaging(subject: Ensemble, look: Look) -> None:
    logits = [2 * numbers(N, K, seed=181), numbers(N, K, seed=182), 4 * numbers(N, K, seed=183)]
    single = [each[:, 0] for each in logits]
    look("the mean of two models", lambda: subject.mean(logits[:2]), axes=("example", "class"))
    look("the mean of three models", lambda: subject.mean(logits), axes=("example", "class"))
    look("one model alone is itself", lambda: same(subject.mean(logits[:1]), logits[0]))
    for space in ("probabilities", "logits", "votes"):
        level = "error" if space == "probabilities" else "option"
        for kind, given in (("classes", logits), ("binary", single), ("regression", single)):
            averaged = lambda space=space, kind=kind, given=given: [subject.space(space, kind, each).double() for each in given]
            look(f"what is averaged of a {kind} task by {space}", lambda averaged=averaged: averaged()[0], level)
            look(f"the answers of three models to a {kind} task by {space}", lambda averaged=averaged, kind=kind, space=space: subject.answers(subject.mean(averaged()), kind, space), level, ("example",))
    look("the answers stay as they were", lambda: untouched(lambda *given: subject.mean(given), *logits))


def _score(values: Tensor, labels: Tensor) -> float:
    return float(((values - labels).abs() < 0.5).double().mean())  # a share of hits, as accuracy is


def _choosing(subject: Ensemble, look: Look) -> None:
    labels = LABELS.repeat(3)
    members = {name: labels + (0.5 + 0.15 * place) * numbers(len(labels), seed=190 + place) for place, name in enumerate(NAMES)}
    members["c"] = labels - 0.5 * numbers(len(labels), seed=191)  # where b is too high, it is too low
    members["f"] = labels + 5.0 * (torch.arange(len(labels)) % 3 == 0)  # two thirds exactly right
    members["e"] = labels + 5.0 * (torch.arange(len(labels)) % 3 == 1)  # two others: their mean is right in one third

    def told(*names: str, twice: str = "") -> str:
        named = [(name, members[name]) for name in names] + ([(f"{twice} again", members[twice])] if twice else [])
        taken, _, best = subject.greedy(named, labels, _score)
        return f"{', '.join(taken)}; best {best:.4f}"

    look("the models taken of one", lambda: told("a"))
    look("the models taken of two that help each other", lambda: told("c", "b"))
    look("the models taken of two that do not", lambda: told("e", "f"))
    look("the models taken of two of which one is better", lambda: told("a", "f"))
    look("the models taken of seven", lambda: told(*NAMES))
    look("the models taken of seven in another order", lambda: told(*reversed(NAMES)))
    look("a model that changes nothing is taken", lambda: told("b", "d", twice="b"))
    look("the scores along the way", lambda: torch.tensor(subject.greedy([(name, members[name]) for name in NAMES], labels, _score)[1], dtype=torch.float64), axes=("model",))


def _scaling(subject: Ensemble, look: Look) -> None:
    dev = [numbers(N, seed=201), 10 * numbers(N, seed=202) + 40]
    test = [numbers(4, seed=203), 10 * numbers(4, seed=204) + 35]
    look("the mean of scores of two scales on dev", lambda: subject.on_scale(dev, dev), "option", ("example",))
    look("the mean of scores of two scales on test", lambda: subject.on_scale(test, dev), "option", ("example",))
    look("the mean of scores that are all alike", lambda: subject.on_scale([test[0], test[1]], [dev[0], torch.full((N,), 3.0, dtype=torch.float64)]), "option", ("example",))
    look("the scores of one model alone on its scale", lambda: subject.on_scale(test[:1], dev[:1]), "option", ("example",))
