"""What is said about the mistakes of SMART's start and ascent."""

from __future__ import annotations

from sanity_checks.bank import Mistake

START = ("In smart, perturbation: the start.", "delta = sigma * noise, noise standard normal and drawn once from the generator given.")
STEP = ("In smart, perturbation: the loop.", "g = slope of l along delta;  delta <- project(delta + eta g / |g|), `steps` times.")


def _start(says: str, look: str, line: str, seen: int = 0) -> Mistake:
    return Mistake(says, look, *START, line, seen=seen)


def _step(says: str, look: str, line: str, severity: str = "error", seen: int = 0, fact: str = "") -> Mistake:
    return Mistake(says, look, *STEP, line, severity, seen, fact)


OVER = "The scope says over which dimensions one norm is taken: a token, a sentence or the batch."

ASCENT: dict[str, Mistake] = {
    "noise-missing": _start("The ascent starts at 0, where the slope of every smooth distance is 0, so it never leaves.", "Look at the start.", "Start from random noise."),
    "noise-not-scaled": _start("The start is noise of size 1: sigma is not used.", "Look for sigma.", "Multiply the noise by sigma."),
    "noise-scaled-by-variance": _start("The noise is multiplied by sigma squared; sigma is a standard deviation.", "Look at the factor of the noise.", "Multiply the noise by sigma."),
    "noise-scaled-by-epsilon": _start("The noise is multiplied by epsilon, the radius, not by sigma.", "Look at the factor of the noise.", "Sigma scales the start, epsilon bounds the result."),
    "noise-uniform": _start("The start is drawn from 0..1, not from a normal distribution, so all its numbers are positive.", "Look at the function that draws.", "Draw normal numbers."),
    "noise-not-from-generator": _start("The noise is drawn from torch's global generator, so SMART changes the dropout and the order of everything after it.", "Look at who draws.",
                                       "Hand the generator over to the function that draws."),
    "noise-for-a-row": _start("One noise is drawn and shared by all rows of the batch.", "Look at the shape of the noise.", "Every number of the embeddings gets its own."),
    "noise-drawn-every-step": _start("New noise is drawn in every step, so nothing is climbed from step to step.", "Look at where the noise is drawn: inside or before the loop?", "Draw once, before the loop."),
    "ascent-missing": _step("The perturbation is the random start: the steps of the ascent change nothing, or what they found is not used.", "Look at what becomes of the slope.",
                            "With steps=1 the result must differ from steps=0.", seen=3),
    "descent": _step("The steps go down instead of up: the perturbation is the mildest instead of the worst.", "Look at the sign of the step.", "The adversary adds the slope."),
    "start-forgotten": _step("Every step forgets where it stood: the perturbation is the last slope alone.", "Look at what the step is added to.", "A step is added to delta as it is."),
    "one-step-only": _step("The ascent ends after its first step, whatever `steps` says.", "Look for a return, or an indentation, inside the loop.", "Return after the loop."),
    "eta-missing": _step("Eta is not used: every step has length 1.", "Look for eta.", "Multiply the step by eta."),
    "slope-not-normalised": _step("The slope is added as it is: real slopes are so small that noise alone decides.", "Look for the division by the slope's size.", "Divide the slope by its norm.", seen=9),
    "slope-sign": _step("Only the sign of the slope is used, so every number moves equally far.", "Look for sign().", "Divide by the norm; keep the proportions."),
    "slope-two-norm": _step("The slope is divided by its 2-norm even where the largest number was asked for.", "Look at the norm of the slope.", "The norm of the slope is the norm of the ball."),
    "slope-norm-for-a-token": _step("Every token's slope is divided by its own norm, whatever `scope` says.", "Look at the dimensions of the norm.", OVER),
    "slope-norm-for-a-sentence": _step("Every sentence's slope is divided by its own norm, whatever `scope` says.", "Look at the dimensions of the norm.", OVER),
    "slope-norm-for-the-batch": _step("One norm is taken over the whole batch, whatever `scope` says.", "Look at the dimensions of the norm.", OVER, "option"),
    "slope-size-with-sign": _step("The size of the slope is its largest number with its sign, so a slope whose largest number is negative counts too little.", "Look for abs().",
                                  "The norm is the largest number without its sign.", "option"),
    "slope-of-zero": _step("Where the slope is 0 everywhere, it is divided by 0 and the perturbation is NaN.", "Try a model that always answers the same.", "Guard the division."),
    "slope-of-something-else": _step("The ascent climbs the size of the answer, not its distance from the clean answer.", "Look at what is differentiated.", "Maximize the distance itself.", seen=3),
    "ascent-arguments-exchanged": _step("The ascent's distance gets the clean answer first; a one-sided one is then another distance.", "Look at the order of the two answers.",
                                        "The perturbed answer comes first.", "option"),
    "ascent-writes-gradients": _step("The ascent calls backward(), which adds to the .grad of every parameter: the adversary's slopes join the training's.", "Look for backward() in the loop.",
                                     "Ask autograd for the slope along delta alone.", seen=1, fact="the gradients of parameters after the ascent are those of before"),
    "graph-kept": _step("The perturbation found still carries a graph.", "Look for detach() in the loop.", "The perturbation is a constant of the loss.",
                        fact="the perturbation carries no graph"),
    "ascent-stops-inside-no-grad": _step("Called inside no_grad(), as in an evaluation, the ascent stops with an error.", "Look for gradients that are switched on.",
                                         "Switch gradients on for the slope.", "option"),
    "projected-at-the-end-only": _step("The perturbation leaves the ball during the steps and is projected after the last one only.", "Look at where project is called.", "Project after every step."),
    "start-not-projected": _step("Without a step the start itself is returned, outside of the ball.", "Look at what is returned with steps=0.", "Project what is returned."),
}
