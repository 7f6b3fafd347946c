"""What is said about the mistakes of SMART."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.smart_ascent import ASCENT

BALL = ("In smart, project.", "|delta| <= epsilon: numbers are clipped to -epsilon..epsilon (inf), or what is too long is shortened to epsilon (2).")
VALUE = ("In smart, Smart.__call__.", "R = l(f(x + delta), f(x)): delta is a constant, both answers keep their graph.")
MASKS = ("In smart, Smart.__call__.", "Which dropout masks the passes use is what `dropout` says: the same as the clean pass, fresh ones, or none.")


def _ball(says: str, look: str, line: str, severity: str = "error", seen: int = 0) -> Mistake:
    return Mistake(says, look, *BALL, line, severity, seen)


def _value(says: str, look: str, line: str, severity: str = "error", seen: int = 0) -> Mistake:
    return Mistake(says, look, *VALUE, line, severity, seen)


def _masks(says: str, look: str, line: str, severity: str = "error", seen: int = 0) -> Mistake:
    return Mistake(says, look, *MASKS, line, severity, seen)


MISTAKES: dict[str, Mistake] = {
    "ball-ignored": _ball("The perturbation is not kept in its ball: epsilon does nothing, and a step of eta is a hundred times too long.", "Look at where epsilon is used.",
                          "Clip every number to the radius.", seen=9),
    "ball-of-two-norm-ignored": _ball("With the 2-norm the perturbation is not kept in its ball.", "Look at where epsilon is used.", "Shorten what is longer than the radius.", "option"),
    "ball-from-above-only": _ball("Numbers are cut at epsilon but not at -epsilon.", "Look at the lower limit.", "The ball has two sides."),
    "ball-of-radius-one": _ball("The perturbation is divided by its own size plus epsilon, so that the largest number of every token is almost 1, whatever epsilon says.",
                                "Look at what epsilon is added to.", "Epsilon is the radius of the ball, not the guard of a division.", seen=9),
    "ball-always-filled": _ball("The perturbation is stretched until it touches the edge of the ball, even when it lies inside.", "Look for a division by its own size.",
                                "What lies in the ball stays where it is."),
    "ball-corners-only": _ball("Every number becomes epsilon or -epsilon, whatever its size.", "Look for sign().", "What lies in the ball stays where it is."),
    "ball-of-two-norm-clipped": _ball("With the 2-norm numbers are clipped one by one, which leaves the whole longer than epsilon.", "Look at how the two norms differ.",
                                      "Shorten the whole by one factor.", "option"),
    "ball-of-two-norm-always-filled": _ball("With the 2-norm the perturbation always gets length epsilon, even when it was shorter.", "Look at the factor for what lies inside.",
                                            "The factor is never above 1.", "option"),
    "ball-of-two-norm-for-the-batch": _ball("With the 2-norm one length is taken over the whole batch, whatever `scope` says.", "Look at the dimensions of the norm.",
                                            "The scope says over which dimensions one norm is taken.", "option"),
    "ball-of-two-norm-by-squares": _ball("With the 2-norm the perturbation is divided by its squared length.", "Look for a square root that is missing.", "Divide by the length.", "option"),
    "ball-of-two-norm-divides-by-zero": _ball("With the 2-norm a perturbation of zeros becomes NaN.", "Look at the division by the length.", "Guard the division for a length of 0.", "option"),
    **ASCENT,
    "clean-detached": _value("The clean answer is held constant in the result, so half of the slope is missing.", "Look for detach() on the clean logits: it belongs to the ascent only.",
                             "The result's slope flows through both answers.", seen=2),
    "perturbed-detached": _value("The perturbed answer is held constant in the result, as it is under no_grad(), so half of the slope is missing.", "Look for detach() or no_grad() around the last pass.",
                                 "The result's slope flows through both answers.", seen=2),
    "value-detached": _value("The value is right, but no gradient passes through it, so it regularizes nothing.", "Look for detach(), item() or no_grad() around the result.",
                             "Return a tensor that still knows where it came from.", seen=2),
    "embeddings-detached": _value("The last pass starts from detached embeddings, so its slope does not reach them.", "Look at what the perturbation is added to in the last pass.",
                                  "In the ascent the embeddings are a constant; in the result they are not."),
    "perturbed-without-embeddings": _value("The last pass gets the perturbation alone, without the embeddings.", "Look at what the last pass is given.", "The perturbation is added to the embeddings."),
    "perturbation-added-twice": _value("The perturbation is added twice in the last pass.", "Count how often it is added.", "Add it once."),
    "perturbation-subtracted": _value("The perturbation is subtracted in the last pass: the direction that was searched for is left the other way.", "Look at the sign.", "Add it."),
    "perturbation-not-used": _value("The last pass gets the clean embeddings, so the value is 0 with the same masks.", "Look at what the last pass is given.", "Add the perturbation that was found."),
    "perturbed-against-itself": _value("The perturbed answer is compared with itself: the value is always 0.", "Look at the two arguments of the distance.", "One of the two answers is the clean one."),
    "value-negated": _value("The value has the wrong sign, so training makes the model rougher.", "Look for a minus.", "The ascent maximizes over delta; training minimizes over the weights."),
    "value-arguments-exchanged": _value("The result's distance gets the clean answer first; a one-sided one is then another distance.", "Look at the order of the two answers.",
                                        "The perturbed answer comes first.", "option"),
    "value-summed": _value("The value is multiplied by the batch size, so lambda means something else for every batch.", "Look for a factor, or a reduction by sum.", "The distance is an average already."),
    "masks-fresh": _masks("Every pass draws dropout masks of its own where the same were asked for: the value measures dropout, not smoothness.", "Look at the masks that are asked for.",
                          "At a perturbation of 0 the value must be 0.", seen=9),
    "masks-fresh-at-the-end": _masks("The last pass draws dropout masks of its own where the same were asked for.", "Look at the masks that the last pass asks for.",
                                     "At a perturbation of 0 the value must be 0.", seen=9),
    "masks-fresh-in-the-ascent": _masks("The passes of the ascent draw dropout masks of their own where the same were asked for, so they climb another hill.", "Look at the masks that the ascent asks for.",
                                        "All passes ask for the same masks."),
    "masks-same": _masks("The masks of the clean pass are repeated even where fresh ones or none were asked for.", "Look at the setting `dropout`.", "Ask for what the setting says.", "option"),
    "masks-off": _masks("Dropout is always left out of the passes, but not of the clean answer that they are compared with.", "Look at the setting `dropout`.", "Ask for what the setting says."),
    "clean-pass-with-dropout": _masks("With dropout=\"off\" the clean answer is still the one with dropout.", "Look at the clean answer.", "Without dropout the clean pass is made again.", "option"),
    "clean-pass-again": _masks("The clean pass is made once more even where its answer is at hand: that costs a pass, and with fresh masks it is another answer.", "Look at the clean answer.",
                               "Only without dropout is another clean pass needed.", "option"),
}
