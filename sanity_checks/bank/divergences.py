"""What is said about the mistakes of the five divergences."""

from __future__ import annotations

from collections.abc import Mapping

from sanity_checks.bank import Mistake

MEAN = "A divergence is a mean over examples: a batch twice over is as far apart as the batch."
BOTH = "The value depends on both answers, and the slope along each must arrive: both answers are the model's."
RULES = {  # formula -> what it is called, where it stands, its equation
    "classes": ("the symmetric divergence of classes", "In divergences, symmetric_categorical.", "KL(P|Q) + KL(Q|P), and the normalisers of the logarithms cancel."),
    "one-sided-classes": ("the one-sided divergence of classes", "In divergences, categorical.", "KL(P|Q) = sum_c P_c (log P_c - log Q_c), P from the first answer."),
    "binary": ("the symmetric divergence of yes and no", "In divergences, symmetric_bernoulli.", "KL(P|Q) + KL(Q|P) over two outcomes, yes with probability s(a) and no with 1 - s(a)."),
    "one-sided-binary": ("the one-sided divergence of yes and no", "In divergences, bernoulli.", "KL(P|Q) over two outcomes, yes with probability s(a) and no with 1 - s(a)."),
    "squared": ("the squared difference", "In divergences, squared_error.", "(a - b)^2, averaged over the batch."),
}


def _all(name: str, says: str, look: str, line: str, equation: str) -> dict[str, Mistake]:
    """One mistake that each of the five formulas can have."""
    return {f"{kind}-{name}": Mistake(says.format(words[0].upper() + words[1:]), look, where, equation, line) for kind, (words, where, _) in RULES.items()}


def _of(kind: str, table: Mapping[str, tuple[object, ...]]) -> dict[str, Mistake]:
    """Rows of (says, look, line[, severity, seen]) for one formula; one row may serve several formulas."""
    _, where, rule = RULES[kind]
    return {f"{kind}-{name}": Mistake(row[0], row[1], where, rule, row[2], *row[3:]) for name, row in table.items()}  # type: ignore[arg-type]


OVER_BATCH = ("The softmax runs over the sentences of the batch, so an example's value depends on the others.", "Look at the dimension of the softmax, and at the shape of what it is given.",
              "Probabilities of one example add up to 1; those of a batch do not.", "error", 1)
ONE_SCORE = ("A softmax over one score is 1 whatever the score, so this is 0 for every pair of answers and nothing is learned from it.", "Look at how many numbers the softmax runs over.",
             "One score stands for yes and no: the probability of yes is its sigmoid.", "error", 9)
DIVIDED = ("The mean runs over all B k numbers, so the value is k times too small.", "Look at the reduction: kl_div's 'mean' divides by the classes too.",
           "Add up over classes, average over examples.", "error")
SQUASHED_TWICE = ("Probabilities are taken for raw scores and squashed once more.", "Look at what the softmax or sigmoid is given.", "Squash raw scores once.")
OVERFLOW = ("Right for ordinary scores, but where a probability rounds to 0 its logarithm is infinite, and the value is NaN.", "Look at log() and at divisions.",
            "Take logarithms of probabilities in one step with making them, or let them cancel.", "option")
WRONG_LOG = ("The logarithm is taken of the wrong argument: kl_div gets the probabilities of one answer where it wants those of the other.", "Look at the order of kl_div's arguments.",
             "kl_div(input, target) wants the log of Q first and P second.")
HALVED = ("The value is half of what it should be.", "Look for a factor of a half.", "Neither direction is averaged: they are added.")
OF_SCORES = ("Raw scores are compared, not the probabilities that they stand for.", "Look at what is compared.", "Make probabilities of the scores.")
OF_PROBABILITIES = ("Probabilities are compared by squared difference.", "Look at the kind of difference.", "Multiply differences of probabilities by differences of their logarithms.", "error")
YES_ONLY = ("Only the outcome yes counts; the outcome no, of probability 1 - s, is left out.", "Count the outcomes.", "Add the term of 1 - s(a) against 1 - s(b).")
ENTROPY = ("This is the cross-entropy: the answer's own entropy is not taken off, so equal answers are not at 0.", "Try two equal answers: the value must be 0.",
           "Compare log P with log Q, not log Q alone.")
ONE_SIDED = ("Only KL(P|Q) is computed, where both directions are asked for.", "Try the answers the other way round: the value must stay.", "Add the direction that is missing.")
BACKWARDS = ("Only KL(Q|P) is computed, where both directions are asked for.", *ONE_SIDED[1:])
TURNED = ("The arguments are the wrong way round: KL(Q|P) instead of KL(P|Q).", "Look at which answer the probabilities in front come from.", "The first answer weighs, the second is compared.")
SYMMETRIC = ("Both directions are added up, where KL(P|Q) alone is asked for.", "Count the directions.", "Keep the direction in which the first answer weighs.")
TWO_SUMS = ("Each direction is computed with logarithms of its own, and the two are added: right, but in float32 rounding is larger than what SMART measures at a radius of 1e-5.", "Nothing to do in float64.",
            "In the sum, the normalisers of the logarithms cancel, and with them the rounding.", "note")

MISTAKES: dict[str, Mistake] = {
    **_all("summed", "{} is added up over the batch, not averaged: twice the batch is twice as far apart.", "Look at the reduction.", "Average over the examples.", MEAN),
    **_all("negated", "{} has the wrong sign: it is negative.", "Look for a minus too much or too few, or for arguments that are exchanged.", "No divergence is below 0.", "D >= 0."),
    **_all("second-detached", "{} has the right value, but no gradient reaches the second answer.", "Look for detach() or no_grad() on the second argument.", "Let both answers keep their graph.", BOTH),
    **_all("first-detached", "{} has the right value, but no gradient reaches the first answer.", "Look for detach() or no_grad() on the first argument.", "Let both answers keep their graph.", BOTH),
    **_of("classes", {
        "one-sided": ONE_SIDED, "one-sided-backwards": BACKWARDS, "halved": HALVED, "over-batch": OVER_BATCH, "divided-by-classes": DIVIDED, "of-scores": OF_SCORES,
        "of-probabilities": OF_PROBABILITIES, "softmax-twice": SQUASHED_TWICE, "log-on-wrong-argument": WRONG_LOG, "log-of-zero": OVERFLOW, "two-sums": TWO_SUMS,
        "log-missing": ("The difference of probabilities is multiplied by itself, not by the difference of scores or logarithms.", "Look at the second factor.",
                        "One factor compares probabilities, the other their logarithms."),
        "log-clamped": ("Probabilities below 0.1 are taken for 0.1 before the logarithm, so unlikely classes do not count.", "Look for clamp near log().",
                        "The log of a softmax needs no guard when both are taken in one step."),
        "jensen-shannon": ("This is the Jensen-Shannon divergence, which compares both answers with their mean.", "Look at what each answer is compared with.",
                           "Compare the answers with each other."),
    }),
    **_of("one-sided-classes", {
        "backwards": TURNED, "symmetric": SYMMETRIC, "over-batch": OVER_BATCH, "divided-by-classes": DIVIDED, "cross-entropy": ENTROPY, "log-on-wrong-argument": WRONG_LOG,
        "softmax-twice": SQUASHED_TWICE, "log-of-zero": OVERFLOW,
        "of-scores": ("Raw scores stand in the place of log-probabilities: their normalisers cancel in the symmetric sum only.", "Look at the difference: of scores or of logarithms?",
                      "Use log-probabilities."),
    }),
    **_of("binary", {
        "softmax-of-one": ONE_SCORE, "over-batch": OVER_BATCH, "one-sided": ONE_SIDED, "one-sided-backwards": BACKWARDS, "halved": HALVED, "of-scores": OF_SCORES,
        "of-probabilities": OF_PROBABILITIES, "sigmoid-twice": SQUASHED_TWICE, "yes-only": YES_ONLY, "log-of-zero": OVERFLOW, "two-sums": TWO_SUMS,
    }),
    **_of("one-sided-binary", {
        "backwards": TURNED, "symmetric": SYMMETRIC, "softmax-of-one": ONE_SCORE, "over-batch": OVER_BATCH, "yes-only": YES_ONLY, "cross-entropy": ENTROPY, "log-of-zero": OVERFLOW,
    }),
    **_of("squared", {
        "halved": ("The value is half of the squared difference.", "Look for a factor of a half.", "The square as it is."),
        "root": ("A square root is taken of the mean.", "Look for sqrt() or a norm.", "Leave the square as it is."),
        "absolute": ("The difference is made positive, not squared.", "Look for abs() or l1.", "Square the difference."),
        "not-squared": ("Differences are averaged as they are, so that those above and below 0 cancel.", "Look between difference and mean.", "Square the difference."),
        "broadcast": ("Every example is compared with all others: (B, 1) against (B,) becomes (B, B).", "Look at the shapes of the two answers.", "Compare each example with itself."),
        "of-probabilities": ("The predictions go through a sigmoid first, but these are no logits.", "Look at what is subtracted.", "Subtract the predictions as they are."),
        "softmax-of-one": ("A softmax over one number is 1 whatever the number, so this is 0 for every pair of answers and nothing is learned from it.", "Look for a softmax.",
                           "Predictions of a regression are compared as they are.", "error", 9),
    }),
}
