"""What is said about the mistakes of add-norm that concern the layer norm."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake

SUMMED = "output = gain * (s - mean(s)) / sqrt(var(s) + eps) + bias, over the channels of each token, with s = residual + Dropout(branch)."

_NORM = functools.partial(Mistake, where="In add_norm, at the layer norm.", equation=SUMMED)
_LAST = "First the sum of residual and dropped branch, then the norm over all of it, then nothing more."
_GIVEN = "Call the argument that holds the layer norm: it brings its own gain, bias and epsilon."

NORM: dict[str, Mistake] = {
    "norm-on-branch": _NORM(
        "The norm is applied to the branch alone, before the residual is added.",
        "Add first, then normalise: every token of the output should have mean 0 and variance 1 before gain and bias.", line=_LAST, seen=1),
    "norm-on-residual": _NORM(
        "The norm is applied to the residual alone, before the branch is added.", "Add first, then normalise both together.", line=_LAST),
    "norm-on-both": _NORM(
        "Residual and branch are normalised one by one and then added.", "Add first, then normalise once.", line=_LAST),
    "norm-missing": _NORM("The layer norm is missing.", "Look for the argument that holds the norm: is it called?", line=_LAST),
    "norm-twice": _NORM("The layer norm is applied twice.", "Count the calls of the norm: one is enough.", line=_LAST),
    "norm-new": _NORM(
        "A new layer norm is used instead of the one that add_norm is given, so that nothing is learned and pretrained weights are ignored.",
        "Use the layer norm you were given.", line=_GIVEN),
    "norm-eps": _NORM(
        "The layer norm's epsilon is torch's 1e-5 and not that of the norm that add_norm is given (BERT's is 1e-12).", "Use the layer norm you were given.", line=_GIVEN),
    "norm-eps-of-bert": _NORM(
        "The layer norm's epsilon is written as 1e-12 (or 0) in add_norm instead of being taken from the norm that it is given.",
        "Use the layer norm you were given.", line=_GIVEN),
    "norm-without-gain-and-bias": _NORM(
        "The sum is normalised, but without the norm's gain and bias.", "The norm has two parameters, and neither has an effect.", line=_GIVEN),
    "norm-over-tokens": _NORM(
        "Mean and variance are taken over all tokens of a sentence together.", "Each token is normalised alone: only the last dimension counts.",
        line="Mean and variance are over the last dimension and keep it with size one."),
    "norm-unbiased-variance": _NORM(
        "The variance is divided by one less than the number of channels.", "Layer norm uses the plain mean of the squares; torch's var() and std() do not, unless told.",
        line="The variance is the mean of the squared distances from the mean."),
    "norm-eps-outside-root": _NORM(
        "Epsilon is added to the standard deviation instead of the variance.", "Which comes first, epsilon or the square root?",
        line="Epsilon is added to the variance, and the root is taken of both."),
    "norm-without-mean": _NORM(
        "The mean is not subtracted before the sum is divided.", "That is RMSNorm; layer norm first moves each token to mean 0.",
        line="What is divided is the distance of each channel from its token's mean."),
}
