"""What is said about the mistakes of the activation, GELU."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake

EQUATION = "GELU(x) = x P(Z <= x) = x/2 (1 + erf(x / sqrt 2)) for a standard normal Z; GELU(0) = 0, GELU(1) = 0.8413, GELU(-1) = -0.1587."

_GELU = functools.partial(Mistake, where="In gelu.", equation=EQUATION)
_EXACT = "Use the error function, torch.erf, on x divided by the square root of 2."
_FACTORS = "Three factors: one half, x itself, and one plus the error function; the plus binds inside its own brackets."

GELU: dict[str, Mistake] = {
    "gelu-tanh": _GELU(
        "GELU is computed by its tanh approximation.", "BERT uses the exact form; the approximation differs in the fourth digit, enough to miss released outputs.", line=_EXACT),
    "gelu-sigmoid": _GELU(
        "GELU is computed by its sigmoid approximation, x sigmoid(1.702 x).", "BERT uses the exact form; this one differs in the second digit.", line=_EXACT),
    "gelu-is-silu": _GELU("The function gelu computes SiLU (Swish), x sigmoid(x).", "GELU weighs x by the normal distribution and not by the logistic one.", line=_EXACT),
    "gelu-is-relu": _GELU("The function gelu computes ReLU.", "GELU is smooth and a little below zero for negative numbers.", line=_EXACT),
    "gelu-without-root-two": _GELU(
        "The argument of the error function is x, without the square root of 2.", "The error function belongs to a normal distribution of variance 1/2, not 1.", line=_EXACT),
    "gelu-times-root-two": _GELU(
        "The argument of the error function is multiplied by the square root of 2 instead of divided.", "Look at the argument of the error function.", line=_EXACT),
    "gelu-over-two": _GELU(
        "The argument of the error function is divided by 2 instead of the square root of 2.", "Look at the argument of the error function.", line=_EXACT),
    "gelu-half-missing": _GELU("The factor one half is missing: gelu gives twice the right number.", "For a large x, GELU(x) is x and not 2 x.", line=_FACTORS),
    "gelu-one-missing": _GELU(
        "The one in front of the error function is missing: gelu gives positive numbers on both sides.", "The error function runs from -1 to 1; a probability runs from 0 to 1.", line=_FACTORS),
    "gelu-sign": _GELU("The error function is subtracted instead of added.", "GELU keeps large positive numbers and drops large negative ones, not the other way round.", line=_FACTORS),
    "gelu-without-factor": _GELU("The function gelu returns the probability P(Z <= x) alone, without the factor x.", "For a large x, GELU(x) is x and not 1.", line=_FACTORS),
    "gelu-of-density": _GELU(
        "The input is multiplied by the normal density instead of the distribution function.", "The density is the bell; the probability P(Z <= x) is the area to its left.", line=_EXACT),
    "gelu-brackets": _GELU("Brackets are missing around one plus the error function.", "Multiplication binds stronger than the plus sign.", line=_FACTORS),
    "gelu-missing": _GELU("The function gelu returns its input unchanged.", "Without a bend in between, two linear maps are only one.", line=_FACTORS),
    "gelu-detached": _GELU(
        "No gradient flows through the error function.", "Look for detach(), no_grad() or .data inside gelu.", line="All of gelu is computed from x as it came in."),
    "gelu-without-gradient": _GELU(
        "No gradient flows through gelu at all.", "Look for detach(), no_grad(), .data or numpy inside gelu.", line="All of gelu is computed from x as it came in, by torch."),
    "gelu-in-place": _GELU(
        "The function gelu writes its result into the tensor that it was given.", "Look for functions that end in _, for *= and for +=.",
        line="The result is a new tensor.", fact="GELU leaves its input as it was"),
    "gelu-returns-nothing": _GELU("The function gelu returns None.", "Is the `return` missing?", line="The last line returns the result."),
}
