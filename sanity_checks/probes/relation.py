"""The probe of the relational layer: directions, the features of one pair and of three, the layer, its slopes and its dropout.

Letters: B pairs, C width of one sentence vector.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, rates, same, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.relation import Relation

B, C, RATE = 3, 5, 0.375
AXES = ("pair", "feature")


def probe(subject: Relation, look: Look) -> None:
    """Look at directions, features and layer, small inputs first."""
    u, v = numbers(B, C, seed=151), numbers(B, C, seed=152)
    look("the direction of one vector", lambda: subject.direction(torch.tensor([[3.0, 4.0]], dtype=torch.float64)), axes=AXES)
    look("the directions of three vectors", lambda: subject.direction(u), axes=AXES)
    look("the direction of a vector of zeros", lambda: subject.direction(torch.zeros(1, C, dtype=torch.float64)), "option", AXES)
    look("the slope of the direction of a vector of zeros", lambda: _slope(subject), "option", AXES)
    look("the features of one pair", lambda: subject.features(u[:1, :2], v[:1, :2]), axes=AXES)
    look("the features of three pairs", lambda: subject.features(u, v), axes=AXES)
    look("the last block sums to the cosine", lambda: same(subject.features(u, v)[:, -C:].sum(1), torch.cosine_similarity(u, v)))
    look("the features of two equal sentences", lambda: subject.features(u, u), axes=AXES)
    pair = [u.clone().requires_grad_(), v.clone().requires_grad_()]
    slopes = once(lambda: torch.autograd.grad((subject.features(*pair) * numbers(B, 4 * C, seed=155)).sum(), pair, allow_unused=True))
    for number, words in enumerate(("first", "second")):
        look(f"the slope of the features along the {words} vectors", lambda number=number: "no gradient" if slopes()[number] is None else slopes()[number], axes=AXES)
    look("both vectors stay as they were", lambda: untouched(subject.features, u, v))
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        _layer(subject, look)


def _slope(subject: Relation) -> Tensor:
    zero = torch.zeros(1, C, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(subject.direction(zero).sum(), zero, allow_unused=True)[0]


def _layer(subject: Relation, look: Look) -> None:
    layer = once(lambda: subject.layer(C, RATE))
    features = numbers(B, 4 * C, seed=153)
    look("what the layer makes of one pair", lambda: layer().eval()(features[:1]), axes=AXES)
    look("what the layer makes of three pairs", lambda: layer().eval()(features), axes=AXES)
    given = features.clone().requires_grad_()
    slopes = once(lambda: torch.autograd.grad((layer().eval()(given) * numbers(B, C, seed=154)).sum(), [given, *layer().parameters()], allow_unused=True))
    for number, words in enumerate(("the features", "the first weight", "the last weight")):
        look(f"the slope of the layer along {words}", lambda number=number: "no gradient" if slopes()[number] is None else slopes()[number])

    def recorded() -> tuple[Tensor, list]:
        with recorded_dropout() as calls:
            return layer().train()(features), calls

    train = once(recorded)
    look("the rates of dropout in the layer", lambda: rates(train()[1]), "train")
    look("what the layer makes of three pairs in train mode", lambda: train()[0], "train", AXES)
