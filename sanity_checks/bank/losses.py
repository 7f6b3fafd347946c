"""What is said about the mistakes of the three losses."""

from __future__ import annotations

from collections.abc import Mapping

from sanity_checks.bank import Mistake

MEAN = "The loss is a mean over the examples that are there: (1/B) sum over them, so a batch twice over costs what it cost once."
RULES = {
    "cross-entropy": ("the cross-entropy", "In losses, the cross-entropy (cross_entropy).", "Loss = -log softmax(z)[y], where softmax runs over the classes of one example."),
    "binary": ("the binary cross-entropy", "In losses, the binary cross-entropy (binary_cross_entropy).", "Loss = -y log s(z) - (1 - y) log(1 - s(z)), s the sigmoid."),
    "squared": ("the squared error", "In losses, the squared error (squared_error).", "Loss = (z - y)^2."),
}


def _every(name: str, says: str, look: str, line: str, equation: str = "", seen: int = 0) -> dict[str, Mistake]:
    """One mistake that each of the three losses can have."""
    return {f"{loss}-{name}": Mistake(says.format(loss=words), look, where, equation or rule, line, seen=seen) for loss, (words, where, rule) in RULES.items()}


def _of(loss: str, table: Mapping[str, tuple[object, ...]]) -> dict[str, Mistake]:
    """Rows of (says, look, line[, severity, seen, fact]) for one loss."""
    _, where, rule = RULES[loss]
    return {f"{loss}-{name}": Mistake(row[0], row[1], where, rule, row[2], *row[3:]) for name, row in table.items()}  # type: ignore[arg-type]


MISTAKES: dict[str, Mistake] = {
    **_every("summed", "The examples of {loss} are added up, not averaged: twice the batch costs twice as much.", "Look at the reduction.", "Average over the batch.", MEAN),
    **_every("divided-twice", "The mean of {loss} is divided by the batch size once more, so its gradients are B times too small.",
             "Look for a division after a mean.", "A mean is divided already: divide once.", MEAN, 6),
    **_every("nominal-batch-size", "The sum of {loss} is divided by a fixed batch size of 8, whatever the number of examples is, so a short last batch counts less.",
             "Look at the number that you divide by.", "Divide by the number of examples in this batch.", MEAN, 90),
    **_every("negated", "The sign of {loss} is turned around, so training makes it worse.", "Look for a minus too much or too few.", "The smaller the loss, the better the scores."),
    **_every("detached", "The value of {loss} is right, but no gradient passes through it, so nothing is learned.", "Look for detach(), item(), float(), .data or no_grad().",
             "Return a tensor that still knows where it came from."),
    **_of("cross-entropy", {
        "softmax-before": ("Softmax is applied twice: once before the loss and once in it.", "Look at what the loss is given: it wants raw scores.",
                           "Hand the scores over as they are.", "error", 7),
        "nll-of-scores": ("The negative log-likelihood is taken of raw scores, which are no log-probabilities: it can go below zero without end.",
                          "Look at what the loss is given: exp of each row should add up to 1.", "Make log-probabilities of the scores first, or use a loss that does it.", "error", 3),
        "log-missing": ("The loss is minus the probability of the right class; the logarithm is missing.", "Look between softmax and loss.", "Take the log of the probability."),
        "over-batch": ("Softmax runs over the examples of the batch instead of the classes of an example.", "Look at the dimension of the softmax.",
                       "Classes are the last dimension of (B, k)."),
        "divided-by-classes": ("The mean runs over all B k numbers, so the loss is k times too small.", "Look at the reduction over the classes.",
                               "Only one class of an example counts: add up over classes, average over examples."),
        "smoothed": ("Labels are smoothed by 0.1, which the equation does not do.", "Look for label smoothing.", "Leave the smoothing out."),
        "squared": ("Probabilities are compared by squared error instead of cross-entropy.", "Look at the kind of loss.", "Use the log-probability of the right class."),
        "one-sigmoid-a-class": ("Each class is scored by its own sigmoid, as if several classes could be right at once.", "Look at the kind of loss.",
                                "The classes of one example share one softmax."),
        "rounded": ("Scores are rounded inside the loss, and rounding has no slope: nothing is learned from it.", "Look for round() or argmax.",
                    "Round when you decide, never when you train.", "error", 3),
        "class-0-ignored": ("Examples of class 0 are left out, as if 0 were padding.", "Look for ignore_index.", "Class 0 is a class like the others."),
        "overflow": ("Right for small scores, but a large score makes the loss infinite or NaN: exp() overflows, or the log of 0 is taken.", "Look at exp() and log().",
                     "Take the log of softmax in one step (log_softmax, logsumexp), or subtract the largest score first."),
        "of-all-against-all": ("Every example is compared with the labels of all examples.", "Look at how the right class is picked: [:, labels] picks B columns from each row.",
                               "Pick one score from each row."),
        "labels-cut": ("Class labels with a fraction are cut to whole numbers without a word: harmless as long as labels are whole.", "Nothing to do.",
                       "A label of 3.8 asks for another kind of loss.", "note"),
    }),
    **_of("binary", {
        "sigmoid-before": ("The sigmoid is applied twice: once before the loss and once in it.", "Look at what the loss is given: it wants raw scores.",
                           "Hand the scores over as they are."),
        "of-raw-scores": ("The loss that expects probabilities is given raw scores.", "Look at the name of the loss: there is one with logits.",
                          "Use the form that has the sigmoid inside."),
        "batch-as-classes": ("The function cross_entropy takes the B scores for one example with B classes, so the loss depends on who else is in the batch.", "Look at the kind of loss.",
                             "One score for each pair asks for the binary loss with logits.", "error", 1),
        "one-sided": ("Only label 1 costs anything; the half for label 0 is missing.", "Look at both halves of the equation.", "Add the half with 1 - y."),
        "labels-inverted": ("The labels 0 and 1 are swapped.", "Look at which half y goes with.", "Label 1 goes with log s(z)."),
        "squared": ("Probabilities are compared by squared error instead of cross-entropy.", "Look at the kind of loss.", "Use the log-probability of the label."),
        "squared-of-scores": ("Raw scores are compared with 0 and 1 by squared error.", "Look at the kind of loss.", "Use the binary cross-entropy of the scores."),
        "broadcast": ("Shapes (B, 1) and (B,) meet, so every score is compared with every label: B^2 terms that do not belong together.", "Look at both shapes.",
                      "Bring both to (B,) first."),
        "rounded": ("Probabilities are rounded inside the loss, and rounding has no slope: nothing is learned from it.", "Look for round().",
                    "Round when you decide, never when you train.", "error", 3),
        "overflow": ("Right for small scores, but a large score makes the loss infinite or NaN: the log of 0 is taken.", "Look at log(1 - sigmoid).",
                     "Start from the scores: there is a form with logits, and logsigmoid."),
        "probability-first": ("Sigmoid and loss are two steps: right, but past a score of about 40 (17 in float32) it no longer sees a difference.", "Nothing to do.",
                              "The form with logits is exact for all scores.", "note"),
        "labels-not-converted": ("Labels must be decimal numbers already: right here, but labels of int64 stop it.", "Nothing to do.", "Convert labels to the dtype of the scores.", "note"),
        "labels-as-switch": ("Labels are taken as yes or no: right for 0 and 1, but a label such as 0.25 counts as 0.", "Nothing to do.", "Each label weighs the two halves.", "note"),
    }),
    **_of("squared", {
        "labels-cut": ("Labels lose their fraction: 3.75 becomes 3.", "Look at the type that labels are turned into.", "Keep labels as decimal numbers.", "error", 26),
        "broadcast": ("Shapes (B, 1) and (B,) meet, so every score is compared with every label: B^2 differences that do not belong together.", "Look at both shapes.",
                      "Bring both to (B,) first."),
        "absolute": ("The absolute difference is averaged, not its square.", "Look at the kind of loss.", "Square the difference."),
        "root": ("A square root is taken of the mean.", "Look at what comes after the mean.", "Leave the mean as it is."),
        "half": ("The loss is half of the squared error.", "Look for a factor of 1/2.", "The mean has no further factor."),
        "smoothed": ("Large differences count linearly (a Huber or smooth L1 loss).", "Look at the kind of loss.", "Every difference is squared."),
        "not-squared": ("Differences are averaged as they are, so too high and too low cancel out.", "Look for the square.", "Square each difference before the mean."),
        "labels-scaled": ("Labels are divided by 5, scores are not.", "Look at the scales of scores and labels.", "Compare both on the scale of the labels."),
        "scores-squashed": ("Scores are squashed into -1 to 1 and compared with labels from 0 to 5, which they cannot reach.", "Look for tanh or a cosine before the loss.",
                            "Compare scores as they are.", "error", 2),
        "scores-squashed-to-5": ("Scores go through 5 sigmoid before they are compared.", "Look for a sigmoid before the loss.", "Compare scores as they are."),
        "relu": ("Scores below zero are cut to 0, and no gradient brings them back.", "Look for a ReLU before the loss.", "Compare scores as they are.", "error", 2),
        "rounded": ("Scores are rounded inside the loss, and rounding has no slope: nothing is learned from it.", "Look for round().", "Round when you decide.", "error", 3),
        "writes-into-scores": ("The loss writes into the scores that it was given.", "Look for a change in place: -=, or a method whose name ends in _.", "Work on a new tensor.",
                               "error", 0, "the squared error leaves scores and labels as they were"),
        "batch-mean-removed": ("The mean of the batch is taken off first, so an example's loss depends on the others.", "Look for mean() before the square.",
                               "Compare each score with its own label.", "error", 1),
    }),
}
