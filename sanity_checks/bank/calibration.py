"""What is said about the mistakes of calibration; those of curves and choices are in bank/calibration_curve.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.calibration_curve import CURVES

# Three hints a topic: where, equation, line.
LIKELY = ("In calibration, negative_log_likelihood.", "The mean over examples of -log p[y], p = softmax(z / T), or the sigmoid of one score over T.", "Divide, take logarithms, pick the label's, average, change the sign.")
HEAT = ("In calibration, temperature_of.", "The T from 0.01 to 100 at which labels surprise least; the search runs over log T.", "Keep the side of the interval where the lower of two losses lies; what is found is a logarithm.")
ERROR = ("In calibration, calibration_error.", "Sum over bins of (share of the examples in it) |accuracy - mean confidence|, bins (0, 1/M], (1/M, 2/M], ...",
         "Add up right minus sure in each bin, then take absolute values, then divide by all examples.")

LOUD = "Put in scores that are twice too large."
BINS = "Put in three examples of which two share a bin."
MISTAKES: dict[str, Mistake] = {
    "multiplied-by-the-temperature": Mistake("Scores are multiplied by the temperature instead of divided.", LOUD, *LIKELY),
    "likelihood-without-temperature": Mistake("The temperature changes nothing, so any is as good as another.", LOUD, *LIKELY),
    "likelihood-of-the-likeliest": Mistake("The likeliest answer counts instead of the label.", "Put in an example that is wrong.", *LIKELY),
    "sign-of-the-likelihood": Mistake("The sign is missing, so the worst temperature is found.", "A surprise is never below 0.", *LIKELY),
    "likelihood-summed": Mistake("Surprises are summed instead of averaged.", "Put in two examples.", *LIKELY),
    "probability-for-its-logarithm": Mistake("What is averaged is 1 - p[y] instead of -log p[y].", "Put in one example.", *LIKELY),
    "first-class-for-the-label": Mistake("The first class counts instead of the label.", "Put in an example of another class.", *LIKELY),
    "least-likely-temperature": Mistake("The side with the higher loss is kept, so the search ends at the worst temperature.", LOUD, *HEAT),
    "heat-on-the-logarithm": Mistake("The logarithm of the temperature is returned.", LOUD, *HEAT),
    "inverse-temperature": Mistake("One over the temperature is returned.", LOUD, *HEAT),
    "temperatures-below-1-alone": Mistake("Only temperatures up to 1 are tried: scores that are too loud stay so.", LOUD, *HEAT),
    "temperatures-above-1-alone": Mistake("Only temperatures from 1 on are tried.", "Put in scores that are too small.", *HEAT),
    "few-sections": Mistake("The search ends early, far from the lowest point.", "How small is the interval in the end?", *HEAT),
    "error-without-temperature": Mistake("The calibration error ignores the temperature.", LOUD, *ERROR),
    "error-multiplied-by-the-temperature": Mistake("For the calibration error, scores are multiplied by the temperature.", LOUD, *ERROR),
    "confidence-of-the-label": Mistake("The probability of the label is taken for the confidence.", "Put in an example that is surely wrong.", *ERROR),
    "bins-closed-below": Mistake("Bins include their lower end instead of the upper, which only a confidence between two bins can tell.", "Put in a confidence of exactly 0.5.", *ERROR, severity="note"),
    "number-of-bins-ignored": Mistake("There are always 15 bins.", "Ask for another number.", *ERROR, severity="option"),
    "one-bin": Mistake("All examples share one bin, in which errors cancel.", BINS, *ERROR),
    "bins-signed": Mistake("Bins that are too sure cancel those that are not sure enough.", "Where is the absolute value?", *ERROR),
    "bins-squared": Mistake("The root of squares is taken over bins.", BINS, *ERROR),
    "worst-bin": Mistake("Only the worst bin counts.", BINS, *ERROR),
    "error-over-bins": Mistake("The sum is divided by the bins instead of the examples.", "Put in one example.", *ERROR),
    "bins-weigh-the-same": Mistake("Every bin weighs the same, however few examples it has.", BINS, *ERROR),
    "each-example-its-own-bin": Mistake("Every example is compared with its own confidence: nothing is averaged within a bin.", BINS, *ERROR),
    "accuracy-for-the-error": Mistake("The confidence is not subtracted from the accuracy.", "Put in one example that is right.", *ERROR),
    **CURVES,
}  # fmt: skip
