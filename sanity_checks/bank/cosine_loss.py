"""What is said about the mistakes of the cosine embedding loss: the second half of bank/cosine_heads.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake

WHERE = "In cosine_loss (cosine_embedding)."
RULE = "Mean over pairs of 1 - cos where the label is above the threshold, of max(0, cos - margin) elsewhere."
WORDS = {
    "words-zero-and-one": ("Dissimilar pairs cost nothing, as they do when torch's loss is given 0 instead of -1 for them.", "Look at the loss of dissimilar pairs.", "They cost their cosine."),
    "inverted": ("Similar pairs are pushed apart and dissimilar ones together.", "Look at which pairs count as similar.", "Above the threshold is similar."),
    "similar-only-by-sign": ("A similar pair costs minus its cosine: the loss can be negative.", "Look at the loss of similar pairs.", "At cosine 1 nothing is left to pay."),
    "not-cut": ("Dissimilar pairs are rewarded for opposite vectors: their loss can be negative.", "Look at the loss of dissimilar pairs.", "Below the margin they pay nothing."),
    "towards-opposite": ("Dissimilar pairs pay until their vectors are opposite.", "Look at the loss of dissimilar pairs.", "Below the margin they pay nothing."),
    "without-sign": ("Dissimilar pairs pay for negative cosines as well.", "Look for abs().", "Below the margin they pay nothing."),
    "of-labels": ("The squared difference of cosine and label: one is at most 1, the other up to 5.", "Look at what is compared.", "The label only says similar or not."),
    "of-scaled-labels": ("The squared difference of cosine and label over 5: another loss.", "Look at what is compared.", "The label only says similar or not."),
    "summed": ("The losses are added up, so they grow with the batch.", "Look at the reduction.", "Take the mean."),
    "detached": ("No gradient passes through the loss.", "Look for detach(), item() or no_grad().", "Use the cosines as they are."),
    "margin-ignored": ("The margin is not used.", "Look at the loss of dissimilar pairs.", "They pay from the margin on.", "option"),
    "margin-added": ("The margin is added where it should be taken off.", "Look at its sign.", "They pay from the margin on.", "option"),
    "margin-for-similar-too": ("The margin is taken off the loss of similar pairs.", "Look at the loss of similar pairs.", "The margin is for the dissimilar.", "option"),
    "threshold-fixed": ("The threshold is a fixed 2.5, whatever was asked for.", "Look at where it comes from.", "Use the one that is given.", "option"),
    "threshold-zero": ("Every label above 0 counts as similar.", "Look at the threshold.", "Compare with the one that is given."),
    "threshold-included": ("A label that is the threshold counts as similar: the paper does not say which, so this is also right.", "Nothing to do.",
                           "Say which it is where you report a score.", "note"),
}  # fmt: skip
LOSS: dict[str, Mistake] = {f"loss-{name}": Mistake(says, look, WHERE, RULE, line, *rest) for name, (says, look, line, *rest) in WORDS.items()}
