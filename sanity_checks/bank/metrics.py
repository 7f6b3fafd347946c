"""What is said about the mistakes of the metrics and of the decisions."""

from __future__ import annotations

from collections.abc import Mapping

from sanity_checks.bank import Mistake

RULES = {
    "accuracy": ("In metrics, the accuracy (accuracy).", "Accuracy = (number of right answers) / N, from 0 to 1."),
    "pearson": ("In metrics, Pearson's r (pearson).", "Pearson's r = sum (p - mean p)(y - mean y) / (|p - mean p| |y - mean y|), from -1 to 1; 0 where nothing varies."),
    "decide": ("In metrics, the decision (decide).", "Classes: the place of the largest of the k scores; binary: round(sigmoid(z)); regression: z."),
}


def _of(part: str, table: Mapping[str, tuple[object, ...]]) -> dict[str, Mistake]:
    """Rows of (says, look, line[, severity, seen]) for one function."""
    where, rule = RULES[part]
    return {f"{part}-{name}": Mistake(row[0], row[1], where, rule, row[2], *row[3:]) for name, row in table.items()}  # type: ignore[arg-type]


SHARE = "The result is a share of N, as a plain number."

MISTAKES: dict[str, Mistake] = {
    **_of("accuracy", {
        "counted": ("Right answers are counted but not divided by the number of examples.", "Look at what comes after the count.", SHARE),
        "in-percent": ("The accuracy comes in percent, 0 to 100.", "Look for a factor of 100.", SHARE),
        "of-wrong-answers": ("Wrong answers are counted instead of right ones.", "Look at the comparison.", "Count where prediction and label are equal."),
        "of-near-answers": ("An answer that is off by one counts as right.", "Look at the comparison.", "Only equal is right."),
        "rounds": ("Predictions are rounded before they are compared.", "Look for round() or int().", "Predictions are decided already: compare them as they are."),
        "all-or-nothing": ("The result is 1 when every answer is right and 0 otherwise.", "Look for torch.equal, all() or //.", "Compare example by example, then average."),
        "macro-f1": ("This is the macro F1 score, not the accuracy.", "Look at what is averaged.", "Every example weighs the same, whatever its class.", "error", 2),
        "balanced": ("Accuracies of the classes are averaged, so examples of rare classes weigh more.", "Look at what is averaged.", "Every example weighs the same, whatever its class."),
        "of-yes-answers": ("Only examples with label 1 can count as right.", "Look at the comparison.", "Label 0 predicted as 0 is right too."),
        "rounded": ("The accuracy is rounded to a few digits.", "Look for round().", "Round when you print, not when you compute."),
        "of-tensors-only": ("Right for tensors; plain lists of numbers, which the signature allows too, stop it or give something else.", "Look at what is done before the comparison.",
                            "Turn both arguments into tensors first.", "option"),
    }),
    **_of("pearson", {
        "of-tensors-only": ("Right for tensors; plain lists of numbers, which the signature allows too, stop it.", "Look at what is done before the means.",
                            "Turn both arguments into tensors first.", "option"),
        "spearman": ("This is Spearman's correlation: ranks are correlated instead of numbers.", "Look for ranks or argsort.", "Use the numbers themselves.", "error", 1),
        "covariance": ("This is the covariance: it is not divided by the two deviations, so it changes when predictions are scaled.", "Look at the denominator.",
                       "Divide by the lengths of both centred columns.", "error", 1),
        "covariance-unbiased": ("This is the covariance with N - 1: it is not divided by the two deviations.", "Look at the denominator.",
                                "Divide by the lengths of both centred columns."),
        "mixed-divisors": ("The covariance is divided by N and the deviations by N - 1, so r is too small by (N - 1) / N.", "Look at the divisors above and below.",
                           "Use one divisor in all three places, or none: it cancels."),
        "not-centred": ("The means are not taken off, so this is the cosine of the two columns.", "Look for the means.", "Subtract each column's own mean first."),
        "one-centred": ("The mean of the labels is not taken off.", "Look for both means.", "Subtract each column's own mean, above and below."),
        "squared": ("Pearson's r is squared, so its sign is lost.", "Look at what is returned.", "Return r itself."),
        "absolute": ("The sign of r is lost.", "Look for abs().", "Return r itself."),
        "negated": ("The sign of r is turned around.", "Look for a minus.", "Columns that rise together have r > 0."),
        "slope": ("This is the slope of a line through the points: only the deviation of the predictions is divided out.", "Look at the denominator.",
                  "Divide by the lengths of both centred columns."),
        "divided-by-variances": ("The covariance is divided by variances; their square roots are missing.", "Look at the denominator.", "Standard deviations, not variances."),
        "diagonal": ("The result is always 1: a column is correlated with itself, as in the entry [0, 0] of a correlation matrix.", "Look at which two columns meet.",
                     "Predictions meet labels; in a matrix that is off the diagonal."),
        "matrix": ("The whole 2 x 2 matrix of correlations is returned.", "Look at what is returned.", "Return one number, from off the diagonal."),
        "normalised": ("Pearson's r is moved to 0..1 here; that belongs to the overall score.", "Look at what is returned.", "Return r itself, -1 to 1."),
        "in-percent": ("Pearson's r comes in percent.", "Look for a factor of 100.", "Return r itself, -1 to 1."),
        "rounded": ("Pearson's r is rounded to a few digits.", "Look for round().", "Round when you print, not when you compute."),
        "nan-for-constant": ("Constant predictions or labels give NaN: 0 is divided by 0.", "Look at a column that does not vary.", "Return 0 there, with a warning.", "error", 1),
        "silent-for-constant": ("Constant predictions give 0, as they should, but without a warning.", "Nothing to do.", "A warning tells a broken model from an unlucky one.", "note"),
    }),
    **_of("decide", {
        "over-batch": ("The largest score is looked for among the examples instead of the classes.", "Look at the dimension.", "Classes are the last dimension of (B, k).", "error", 2),
        "values-instead-of-places": ("The largest score is returned instead of its place.", "Look at max and argmax.", "The class is the place of the score."),
        "smallest": ("The class with the smallest score is chosen.", "Look at argmin and signs.", "The largest score wins."),
        "counted-from-1": ("Classes are counted from 1.", "Look for + 1.", "The first class is 0."),
        "sigmoid-missing": ("Raw scores are rounded without a sigmoid, so a score of 0.3 becomes no and 2.9 becomes 3.", "Look before the rounding.",
                            "Rounding is for probabilities."),
        "threshold-on-score": ("Raw scores are compared with 0.5, which is the threshold for probabilities.", "Look at the threshold.", "A probability of a half is a score of 0.", "error", 2),
        "sigmoid-twice": ("The sigmoid is applied twice, and so every answer is yes.", "Look at whether what comes in is a probability already.", "Apply it once.", "error", 7),
        "inverted": ("Yes and no are swapped.", "Look at the comparison.", "A score above 0 is a yes."),
        "not-rounded": ("Probabilities come back instead of answers.", "Look at the last step.", "Round them."),
        "half-is-yes": ("A score of exactly 0 is a yes here; the course rounds it to no. It hardly ever happens.", "Nothing to do.", "Above a half is a yes.", "note"),
        "similarity-rounded": ("Similarities are rounded to whole numbers.", "Look for round().", "Return them as they are."),
        "similarity-clamped": ("Similarities are cut to 0..5.", "Look for clamp().", "Return them as they are."),
        "similarity-squashed": ("Similarities go through 5 sigmoid.", "Look for a sigmoid.", "Return them as they are."),
    }),
}
