"""What is said about the mistakes of attention: dropout, heads, what flows out and back; mask and scores have files of their own."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake
from sanity_checks.bank.attention_mask import MASK
from sanity_checks.bank.attention_scores import SCORES

DROPOUT = functools.partial(Mistake, where="In the attention formula, between the softmax and the values.", severity="train",
                            equation="output = Dropout(softmax(Q K^T / sqrt(D) + mask)) V")
SPLIT = functools.partial(Mistake, where="In split_heads, where (B, T, C) becomes (B, H, T, D).",
                          equation="head h of token t holds the channels h D to (h + 1) D - 1 of token t.")
MERGE = functools.partial(Mistake, where="In merge_heads, where (B, H, T, D) becomes (B, T, C).",
                          equation="the channels h D to (h + 1) D - 1 of token t are what head h gave for token t: [head_1; ...; head_H].")
END = functools.partial(Mistake, where="At the end of multi-head attention's forward.", equation="output = [head_1; ...; head_H] W_O + b_O")
FLOW = functools.partial(Mistake, where="In the attention formula.", equation="output = softmax(Q K^T / sqrt(D) + mask) V")

BELOW = "First the softmax, then the dropout on its result, then the product with the values."
CUT = "First cut the channels into heads and head width, in this order, then swap tokens and heads."
JOIN = "First swap heads and tokens back, so that heads stand next to the head width, then join these two."
NOT_CUT = "Look for detach(), no_grad() or .data."

MISTAKES: dict[str, Mistake] = {
    "dropout-missing": DROPOUT(
        "Attention never applies its dropout.", "Drop the probabilities, after the softmax, before multiplying by the values.", line=BELOW, seen=38),
    "dropout-missing~forward": DROPOUT(
        "Attention's dropout rate does not reach the formula in train mode.", "Which rate does forward pass on while training?",
        line="The formula is given the module's rate in train mode and 0 in eval mode.", seen=38),
    "dropout-on-scores": DROPOUT(
        "Dropout is applied to the scores, before the softmax.", "Dropout must see numbers between 0 and 1 whose rows sum to 1: move it below the softmax.", line=BELOW, seen=4),
    "dropout-on-scores-before-the-mask": DROPOUT(
        "Dropout is applied to the scores, before the mask and the softmax.", "Dropout must see numbers between 0 and 1 whose rows sum to 1: move it below the softmax.", line=BELOW),
    "dropout-on-output": DROPOUT(
        "Dropout is applied to the output of the heads instead of the probabilities.", "That is the add-norm's dropout; this one belongs to the probabilities.", line=BELOW, seen=1),
    "dropout-on-output~merged": DROPOUT(
        "Dropout is applied to the merged output of the heads instead of the probabilities.", "That is the add-norm's dropout; this one belongs to the probabilities.", line=BELOW, seen=1),
    "dropout-on-values": DROPOUT("Dropout is applied to the values instead of the probabilities.", "A query is to ignore whole tokens now and then, not single numbers.", line=BELOW),
    "dropout-in-eval": DROPOUT(
        "Dropout is on in eval mode, too: two calls with the same input disagree.", "Pass the dropout rate only when the module is training.",
        line="The rate is 0 unless the module is in train mode.", severity="error", seen=1, fact="two calls in eval mode agree"),
    "dropout-rate": DROPOUT("The dropout rate is one minus the right one.", "The rate is the share that is dropped, not the share that is kept.", line=BELOW),
    "dropout-rate-fixed": DROPOUT("The dropout rate is a constant of 0.1 and not the one that attention was made with.", "Use the rate of the settings.", line=BELOW),
    "dropout-twice": DROPOUT("Dropout is applied to the probabilities twice.", "Count the dropouts: one is enough.", line=BELOW),
    **MASK,
    **SCORES,
    "heads-not-transposed-back": MERGE(
        "The heads are merged without being brought next to the head width first.", "The shape is right but the numbers are shuffled: transpose before you flatten.", line=JOIN, seen=4),
    "heads-merged-in-wrong-order": MERGE("The heads are merged in the wrong order: head width before heads.", "Same numbers, permuted: heads first, then head width.", line=JOIN),
    "heads-averaged": MERGE("The heads are averaged instead of standing side by side.", "Each head has its own channels of the output.", line=JOIN),
    "output-4d": MERGE("The heads are never merged: the output has four dimensions.", "Concatenate the heads.", line=JOIN, seen=2),
    "heads-split-by-view": SPLIT(
        "The heads are cut out by reshaping straight to (B, H, T, D), which mixes tokens.", "The shape is right but the numbers are shuffled: reshape to (B, T, H, D) first.", line=CUT),
    "heads-split-in-wrong-order": SPLIT(
        "The channels are cut in the wrong order: head width before heads.", "A head is a run of neighbouring channels, not every H-th one.", line=CUT),
    "heads-missing": SPLIT("The channels are not cut into heads: there is one head as wide as the model.", "The number of heads must have an effect.", line=CUT),
    "heads-not-transposed": SPLIT(
        "Heads are not brought in front of tokens, so that heads attend to each other within one token.", "The product of queries and keys is over the last two dimensions: which are they?", line=CUT),
    "output-projection-missing": END("The output projection is not applied.", "There is a fourth linear map: where is it used?", line="The merged heads go through the output map."),
    "output-projection-twice": END("The output projection is applied twice.", "Count the uses of the output map.", line="The merged heads go through the output map, once."),
    "residual-inside": END("The input is added to the output inside attention.", "That belongs to the add-norm around it.", line="Nothing is added to the output map's result."),
    "weights-not-returned": END("The weights are not returned when they are asked for.", "The fused kernel keeps no weights: who asks for them needs the formula.",
                                line="The formula computes whenever weights are needed, whatever kernel was chosen."),
    "input-overwritten": END("Attention writes into the hidden states that it was given, which the residual still needs.",
                             "Look for functions that end in _, and for += and *=, on the input.", line="Every step makes a new tensor.", fact="the input stays as it was"),
    "return-missing~forward": END("The forward of attention returns None.", "Is the `return` missing?", line="The last line returns output and weights."),
    "return-missing": FLOW("The attention formula returns None.", "Is the `return` missing?", line="The last line returns the mixed values and the weights."),
    "scores-returned": FLOW("The formula returns the scores in the place of the weights.", "What is returned beside the output must sum to one for each query.",
                            line="The second thing returned is what the values were mixed with."),
    "scores-detached": FLOW("No gradient reaches the query and key maps.", NOT_CUT, line="The softmax is given the scores as they are."),
    "values-detached": FLOW("No gradient reaches the value map.", NOT_CUT, line="The weights are multiplied with the values as they are."),
    "output-detached": FLOW("No gradient flows through attention at all.", NOT_CUT, line="The product of weights and values is returned as it is."),
}
