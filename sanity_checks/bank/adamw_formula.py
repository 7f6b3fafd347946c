"""What is said about wrong formulas of AdamW: the averages, the bias correction, the step, decay, epsilon and the defaults."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
AVERAGES = (
    "Look at the two lines that update m and v.",
    "m <- b1 m + (1 - b1) g and v <- b2 v + (1 - b2) g^2, number by number.",
    "Each line must weigh the old average by its own beta and the new gradient (squared, for v) by one minus that beta, and write into the state.")
CORRECTION = (
    "Look at the step size, where the bias correction is computed.",
    "alpha_t = lr sqrt(1 - b2^t) / (1 - b1^t): one minus a power in both places, a root around the second.",
    "The first beta belongs below the fraction bar without a root, the second above it with one; t is this parameter's step number, from 1.")
SWITCH = (
    "Look at every place that reads correct_bias.",
    "With correct_bias the step size is lr sqrt(1 - b2^t) / (1 - b1^t); without it, it is lr.",
    "Give the step size its plain value first, and change it only when correct_bias is on.")
STEP = (
    "Look at the line that moves the parameter.",
    "theta <- theta - alpha_t m / (sqrt(v) + eps).",
    "The parameter must lose, once, the step size times m divided by the sum of the root of v and epsilon.")
EPSILON = (
    "Look at the denominator of the step.",
    "theta <- theta - alpha_t m / (sqrt(v) + eps): epsilon stands beside the root, and both stand below the fraction bar.",
    "Take the root of v, add epsilon to that, and divide m by the whole sum.")
DECAY = (
    "Look at the lines that use weight_decay.",
    "After the step: theta <- theta - lr lambda theta, with the plain lr and the value that has already moved.",
    "The line must take away from the parameter its own value times lr times the decay, outside of m and v.")
DEFAULTS = (
    "Look at the default values in the constructor.",
    "lr 1e-3, betas (0.9, 0.999), eps 1e-6, weight_decay 0, correct_bias on.",
    "Give the argument the default of the assignment again.")

SIZES = "Use the plain learning rate for decay, once."
KEEP = "Decay works on the parameter alone: keep it away from the gradient, m and v."

FORMULA = {
    "decay-missing": Mistake("Weight decay is never applied.", "weight_decay has to shrink the parameter.", *DECAY, seen=1),
    "decay-by-corrected-rate": Mistake("Weight decay uses the corrected step size instead of lr.", SIZES, *DECAY, seen=4),
    "decay-without-rate": Mistake("Weight decay is not multiplied by lr.", SIZES, *DECAY, seen=1),
    "decay-rate-squared": Mistake("Weight decay is multiplied by lr twice.", SIZES, *DECAY, seen=1),
    "decay-grows": Mistake("Weight decay makes the weights grow.", "It must shrink them: check the sign.", *DECAY, seen=2),
    "decay-constant": Mistake("Weight decay takes away a fixed amount instead of a share of the weight.", "Decay is proportional to the weight.", *DECAY),
    "decay-in-gradient": Mistake("Weight decay is added to the gradient, which is Adam with L2 and not AdamW.", KEEP, *DECAY, seen=2),
    "decay-twice": Mistake("Weight decay is applied twice: in the gradient and to the weight.", KEEP, *DECAY, seen=2),
    "gradient-changed": Mistake("Weight decay is written into the gradient itself, so it also passes through m and v.",
                                "A step only reads the gradient: others still need it.", *DECAY, seen=1),
    "betas-swapped-in-averages": Mistake("The two averages use each other's beta.", "The first beta belongs to m, the second to v.", *AVERAGES),
    "average-weights-exchanged": Mistake("The averages give the old value the weight of the new one.", "Beta is the share that is kept.", *AVERAGES),
    "mean-unweighted": Mistake("The gradient enters m with its full weight.", "Its weight is one minus the first beta.", *AVERAGES),
    "square-unweighted": Mistake("The squared gradient enters v with its full weight.", "Its weight is one minus the second beta.", *AVERAGES),
    "gradient-not-squared": Mistake("v averages the gradient, not its square.", "v is never negative: the gradient enters it squared.", *AVERAGES),
    "square-of-mean": Mistake("v averages the square of m instead of the square of the gradient.", "Both averages take in the gradient itself.", *AVERAGES),
    "averages-not-written": Mistake("The new averages are computed but never reach the tensors that hold m and v.",
                                    "A plain assignment only gives a new tensor an old name; change the tensor in place.", *AVERAGES, seen=2),
    "gradient-for-mean": Mistake("The step follows the gradient instead of its average m.", "m is computed but not used.", *STEP),
    "correct-bias-ignored": Mistake("correct_bias=False is ignored: the bias is corrected anyway. It matters only to those who switch it off.",
                                    "correct_bias is a switch: with False the step size is just lr.", *SWITCH, severity="option", seen=45),
    "correct-bias-crashes": Mistake("The step stops with an exception when correct_bias is False. It matters only to those who switch it off.",
                                    "Something is given its value only when correct_bias is on.", *SWITCH, severity="option", seen=6),
    "correct-bias-stops": Mistake("With correct_bias=False the step size is 0, so nothing is learned.",
                                  "With False the step size is just lr.", *SWITCH, severity="option", seen=1),
    "correct-bias-inverted": Mistake("The bias is corrected exactly when correct_bias is False.", "The switch is upside down.", *SWITCH),
    "correction-missing": Mistake("The bias is never corrected.", "m and v start at 0 and are too small in the first steps.", *CORRECTION),
    "correction-without-power": Mistake("The bias correction uses beta instead of beta to the power of t, so it is right at the first step only.",
                                        "Raise both betas to the step number.", *CORRECTION, seen=2),
    "correction-of-mean-only": Mistake("Only m is bias-corrected, v is not.", "Both averages start at 0, so both need it.", *CORRECTION, seen=1),
    "correction-of-square-only": Mistake("Only v is bias-corrected, m is not.", "Both averages start at 0, so both need it.", *CORRECTION, seen=1),
    "correction-swapped": Mistake("The bias corrections of m and v use each other's beta.", "The first beta belongs to m, the second to v.", *CORRECTION),
    "correction-without-one-minus": Mistake("The bias correction divides by a power of beta instead of one minus it.", "At t = 1 the correction of m is 1 - b1.", *CORRECTION),
    "correction-without-root": Mistake("The bias correction of v lacks its square root.", "v stands below a root, so its correction does too.", *CORRECTION, seen=1),
    "correction-halved": Mistake("The bias correction of v is halved instead of put under a root: x ** 1/2 is (x ** 1) / 2.",
                                 "Write the exponent in parentheses, or use a square-root function.", *CORRECTION, seen=2),
    "correction-upside-down": Mistake("The bias correction is upside down.", "It makes the first steps larger where m is small.", *CORRECTION),
    "correction-twice": Mistake("The bias is corrected twice: in m and v, and again in the step size.", "Correct either the averages or the step size.", *CORRECTION, seen=1),
    "corrected-averages-kept": Mistake("The bias-corrected averages are stored in place of the raw ones, so the next step corrects them again.",
                                       "Keep m and v raw, and correct a copy.", *CORRECTION, seen=1),
    "rate-missing": Mistake("The step is not multiplied by lr.", "lr has to scale the step.", *STEP),
    "update-uphill": Mistake("The step goes up the gradient instead of down.", "The step is subtracted: check the sign.", *STEP),
    "root-missing": Mistake("The step divides by v instead of the square root of v.", "v is the average of squares.", *STEP),
    "root-halved": Mistake("v is halved instead of put under a root: x ** 1/2 is (x ** 1) / 2.", "Write the exponent in parentheses, or use a square-root function.", *STEP, seen=2),
    "update-applied-twice": Mistake("The parameter takes the same step twice.", "One call moves a parameter once.", *STEP, seen=1),
    "epsilon-inside-root": Mistake("Epsilon is added to v inside the square root.", "Take the root first, then add epsilon.", *EPSILON),
    "epsilon-missing": Mistake("Epsilon is not used.", "Without it a gradient of 0 divides by 0.", *EPSILON),
    "epsilon-outside-fraction": Mistake("Epsilon is added to the whole fraction instead of its denominator.",
                                        "A pair of parentheses is missing: epsilon belongs to the denominator.", *EPSILON, seen=1),
    "default-epsilon": Mistake("The default of eps is 1e-8 instead of 1e-6.", "Compare the constructor with the assignment.", *DEFAULTS, seen=5),
    "default-decay": Mistake("The default of weight_decay is 0.01 instead of 0.", "Compare the constructor with the assignment.", *DEFAULTS, seen=5),
    "default-rate": Mistake("The default of lr is 2e-5 instead of 1e-3.", "Compare the constructor with the assignment.", *DEFAULTS, seen=5),
    "default-betas": Mistake("The default of the second beta is 0.99 instead of 0.999.", "Compare the constructor with the assignment.", *DEFAULTS),
    "default-correct-bias": Mistake("correct_bias is off by default.", "Compare the constructor with the assignment.", *DEFAULTS),
}  # fmt: skip
