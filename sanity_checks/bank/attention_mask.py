"""What is said about the mistakes of attention that concern the mask."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake

EQUATION = "weights = softmax(Q K^T / sqrt(D) + mask), where the mask is 0 for a key that is kept and hugely negative for one that is hidden."

_USE = functools.partial(Mistake, where="In the attention formula, where the mask meets the scores.", equation=EQUATION)
_MAKE = functools.partial(Mistake, where="In attention_bias, where the public mask becomes the one that is added.",
                          equation="bias = 0 where attention_mask is 1, hugely negative where it is 0.  " + EQUATION)
_FORWARD = functools.partial(Mistake, where="In the forward of multi-head attention.", equation=EQUATION)
_ADD = "The mask is added to the scaled scores, once, before the softmax."
_FILL = "Start from zeros; only the places where the public mask is 0 get a number near the lowest of the type."
_INVERTED = "The mask is inverted: real tokens are hidden and padding is kept."
_MISSING = "Without padding you are right, with padding you are not: the mask is missing."
_KEEP = "Here 0 means keep and a large negative number means hide: the mask is made to be added."

MASK: dict[str, Mistake] = {
    "mask-missing": _USE("The mask is not used: padded tokens receive attention.", _MISSING, line=_ADD),
    "mask-missing~forward": _FORWARD("The mask does not reach the attention formula: padded tokens receive attention.", _MISSING,
                                     line="The mask that forward is given is passed on to the formula."),
    "mask-missing~bias": _MAKE("The function attention_bias returns None although tokens are hidden: padded tokens receive attention.",
                               "None stands for nothing hidden; look at when it is returned.", line=_FILL),
    "mask-inverted": _MAKE(_INVERTED, "In the public mask 1 keeps and 0 hides: which of the two gets the negative number?", line=_FILL, seen=4),
    "mask-inverted~fill": _USE(_INVERTED, _KEEP, line=_ADD, seen=4),
    "mask-inverted~infinity": _USE("The mask is inverted: all real tokens are hidden, which leaves NaN.", _KEEP, line=_ADD, seen=4),
    "mask-multiplied": _USE("The scores are multiplied by the mask.", "Multiplying by 0 erases the score. Add the mask.", line=_ADD, seen=4),
    "mask-multiplied~always": _USE("The scores are multiplied by the mask, also when nothing is hidden: then every score is 0.", "Multiplying by 0 erases the score. Add the mask.",
                                   line=_ADD, seen=4),
    "mask-inverted~subtracted": _USE("The mask is subtracted from the scores: padding gets all the attention.", "The mask is negative already: it is added.", line=_ADD),
    "mask-after-softmax": _USE("The mask is added after the softmax.", "Mask before normalising; afterwards the weights must sum to one.", line=_ADD),
    "mask-without-renormalising": _USE("Hidden weights are set to zero after the softmax, so that the rest sums to less than one.",
                                       "Mask before normalising; afterwards the weights must sum to one.", line=_ADD),
    "mask-fills-zero": _USE("Hidden keys get the score 0 instead of a hugely negative one.", "The number e to the power of 0 is 1, which is a weight like any other.", line=_ADD),
    "mask-not-optional": _USE("The formula fails without a mask: None is added to the scores.", "The mask is None when nothing is hidden.",
                              line="The mask is added only if there is one."),
    "mask-too-weak~public": _MAKE("The public mask of ones and zeros is added to the scores as it is.", "A one on kept tokens hides nothing: hidden ones need a hugely negative number.", line=_FILL),
    "mask-too-weak": _MAKE("The number that hides a token is only -1: padding still receives attention.", "How much is e to the power of your number?", line=_FILL),
    "mask-missing~tiny": _MAKE("The number that hides a token is next to nothing (1e-9 is a billionth).", "Look at the sign of the exponent: a large number is 1e9.", line=_FILL),
    "mask-inverted~sign": _MAKE("The number that hides a token is positive: padding gets all the attention.", "Look at the sign of the number.", line=_FILL),
    "mask-moderate": _MAKE("The number that hides a token is moderate (between -50 and -1000): enough as long as scores stay small.", "BERT's own is -10000.", line=_FILL, severity="note"),
    "mask-missing~on-queries": _MAKE("The mask is laid over the tokens that ask instead of those that answer.", "Which dimension of the scores are the keys? The last one.",
                             line="Two dimensions of size one go in the middle: after the sentences come heads and queries, and the keys stay last."),
    "mask-overwritten": _MAKE("Attention writes into the mask that it was given, so that the next layer sees another mask.", "Look for assignments into the mask.",
                              line="The additive mask is a new tensor.", fact="the mask stays as it was"),
    "mask-overwritten~formula": _USE("The formula writes into the mask that it was given, so that the next layer sees another mask.",
                                     "Look for functions that end in _, and for += and *= on the mask.",
                                     line="Scores and mask give a new tensor.", fact="the formula leaves the mask as it was"),
    "mask-before-scale": _USE("The mask is added before the scores are scaled, which changes nothing for a mask of -10000.",
                              "The paper scales first; only a soft mask would show it.", line=_ADD, severity="note", seen=13),
    "mask-as-switch": _USE("The mask is used as a switch (any number other than 0 hides), which is right for the masks of this model.",
                           "Only a soft mask would show it.", line=_ADD, severity="note", seen=15),
}
