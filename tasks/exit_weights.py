"""How the losses of n exits make one number: weights w_i, and loss = sum_i w_i L_i.

    joint         1/n for each                     weighted   i / (n (n + 1) / 2): the deeper, the more
    alternating   final and joint in turns         final      1 for the last, nothing for the others

These sum to 1, so that a learning rate means the same with two exits and with twelve; `reduce = "sum"` is the sum of BERxiT (Xin et al. 2021),
joint and alternating with weight 1 for each.  Sequential layer focus needs one of these in its stage 2, and the report does not say which.
Letters: n exits, i one of them, from 1 at the bottom; exit n is the model's own head.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress

from torch import Tensor

from minbert.errors import UserError, nearest
from tasks.alternating import Alternating

REDUCE = ("mean", "sum")
# Name -> (n, steps taken so far) -> how much of each exit's loss counts, on any scale.
RULES: Mapping[str, Callable[[int, int], list[int]]] = {
    "joint": lambda exits, taken: [1] * exits,
    "weighted": lambda exits, taken: list(range(1, exits + 1)),
    "final": lambda exits, taken: [0] * (exits - 1) + [1],
    "alternating": lambda exits, taken: RULES["final" if Alternating("parity", "none").at(taken).final_only else "joint"](exits, taken),
}


def exit_weights(rule: str, exits: int, steps_taken: int = 0, reduce: str = "mean") -> tuple[float, ...]:
    """The weights of n `exits` in the step after `steps_taken`.  Raises `UserError` for unknown words, and without exits.

    reduce: "mean" makes them sum to 1; "sum" leaves weights of 1 at 1, and makes no difference to "weighted", which has its own scale.

    >>> exit_weights("weighted", 4)
    (0.1, 0.2, 0.3, 0.4)
    """
    for name, got, known in (("loss of exits", rule, tuple(RULES)), ("reduce", reduce, REDUCE)):
        if got not in known:
            near = nearest(got, known)
            raise UserError(f"{name} is {got!r}, expected one of {', '.join(known)}" + (f"; did you mean {near!r}?" if near else "."))
    if exits < 1:
        raise UserError(f"there are {exits} exits, expected at least one: the model's own head.")
    shares = RULES[rule](exits, steps_taken)
    total = 1 if reduce == "sum" and rule != "weighted" else sum(shares)
    return tuple(share / total for share in shares)


def combine_losses(losses: Sequence[Tensor | None], weights: Sequence[float]) -> Tensor:
    """sum_i w_i L_i, a scalar; exits of weight 0 are left out, not multiplied by 0, so that their heads get no gradient instead of zeros.

    losses: one scalar per exit, None allowed where the weight is 0.  Raises `UserError` for numbers that do not fit, and for a loss that is missing.
    """
    if len(losses) != len(weights) or not any(weights):
        raise UserError(f"there are {len(losses)} exit losses for the weights {tuple(weights)}, expected one for each and some weight above 0.")
    counted = list(compress(losses, weights))
    if any(loss is None for loss in counted):
        raise UserError("the loss of an exit is missing although its weight is not 0: compute every exit that counts in this step.")
    return sum(weight * loss for weight, loss in zip(filter(None, weights), counted))
