"""What is said about the mistakes of the whole encoder; those of the pooler and of what is returned are in model_pooler.py."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake
from sanity_checks.bank.model_pooler import POOLER

_mask = functools.partial(Mistake, where="Where the mask is made ready for the layers.",
                          equation="scores + bias, with bias 0 where the mask is 1 and hugely negative where it is 0, of shape (B, 1, 1, T).")  # fmt: skip
_layers = functools.partial(Mistake, where="The loop over the layers.", equation="h_0 = embeddings, h_l = layer_l(h_{l-1}) for l = 1 ... L.")
_first = functools.partial(Mistake, where="The loop over the layers.", equation="With first_only, layer L computes h_L[CLS] alone; layers 1 ... L-1 compute every position.")
ADDED = "The layers add what they get to the scores: 0 keeps a token, a hugely negative number hides it."
EACH = "Each layer reads what the one before it returned, once, in the order of the list."

MISTAKES: dict[str, Mistake] = POOLER | {
    "mask-missing": _mask("The mask never reaches the layers, so padding is read like words.", "Look at what the layers are given beside the states.",
        line=ADDED),
    "mask-inverted": _mask("The mask is the wrong way round: words are hidden and padding is read.", "Look at what 0 and 1 mean in the mask.",
        line=ADDED),
    "mask-raw": _mask("The mask goes to the layers as it comes, as 0 and 1: padding loses only 1 in its score.",
        "Look at which numbers the layers get.", line=ADDED),
    "mask-raw-inverted": _mask("The layers get 1 for padding and 0 for words: padding even gains 1 in its score.",
        "Look at which numbers the layers get.", line=ADDED),
    "mask-sign-flipped": _mask("The number that is added for padding is hugely positive: only padding is read.", "Look at the sign.", line=ADDED),
    "mask-on-queries": _mask("The mask lies along the tokens that ask instead of the tokens that answer.",
        "Look at the shape of the mask that the layers get.", line="The tokens of the mask belong to the last axis of the scores, the keys."),
    "mask-of-first-sentence": _mask("Every sentence gets the mask of the first one.", "Look at how the mask is indexed.",
        line="The first axis of the mask is the sentence: keep all of it."),
    "mask-first-layer-only": _mask("Only the first layer gets the mask.", "Look at what each layer is given.",
        line="Every layer attends, so every layer needs the mask."),
    "mask-missing-in-last-layer": _mask("The last layer does not get the mask.", "Look at what each layer is given.",
        line="Every layer attends, so every layer needs the mask."),
    "mask-multiplied-into-states": _mask("The embeddings of padding are set to 0 instead of being hidden from attention, where a 0 still gets weight.",
        "Look at where the mask is used.", line=ADDED),
    "mask-overwritten": _mask("The mask (or the ids) that the caller gave is changed.",
        "Look for operations in place (+=, *=, or a name that ends in _).",
        line="Make a new tensor and leave what was given alone.", fact="the ids and the mask stay as they were"),
    "layers-reversed": _layers("The layers run in reverse order.", "Look at the order of the loop.", line=EACH),
    "first-layer-skipped": _layers("The first layer is skipped.", "Count the layers that run.", line=EACH),
    "last-layer-skipped": _layers("The last layer is skipped.", "Count the layers that run.", line=EACH),
    "one-layer-only": _layers("Only the first layer runs.", "Look for a return or yield that ends the loop.", line=EACH),
    "same-layer-again": _layers("The first layer runs again and again, and the others never.", "Look at which layer the loop calls.", line=EACH),
    "last-layer-again": _layers("The last layer runs again and again, and the others never.", "Look at which layer the loop calls.", line=EACH),
    "layer-applied-twice": _layers("The first layer is applied twice.", "Count the calls of each layer.", line=EACH),
    "last-layer-applied-twice": _layers("The last layer is applied twice.", "Count the calls of each layer.", line=EACH),
    "layers-side-by-side": _layers("Every layer reads the embeddings, so only the last one counts.", "Look at what the loop hands to the next layer.",
        line=EACH),
    "yields-input": _layers("What is given out for each layer is what went into it, so everything is one layer behind.",
        "Look at the order of the lines in the loop.", line="Give out what the layer returned."),
    "extra-residual": _layers("The input of each layer is added to its output; the layer has done that already.",
        "Look for an addition in the loop.", line="The states that a layer returns go on as they are."),
    "extra-norm": _layers("The output of each layer is normalised once more.", "Look for a norm outside the layers.",
        line="The states that a layer returns go on as they are."),
    "extra-dropout": _layers("There is an extra dropout between the layers.", "Look for a dropout in the loop.",
        line="The states that a layer returns go on as they are.", severity="train"),
    "dropout-in-eval": _layers("Something random stays on in eval mode, so evaluating twice gives two answers.",
        "Look for a functional dropout that is not told whether the model is training.", line="The states that a layer returns go on as they are.",
        fact="two calls in eval mode agree"),
    "detached": _layers("No gradient flows from one layer to the one before it.", "Look for detach, .data or no_grad in the loop.",
        line="The states that a layer returns go on as they are."),
    "no-gradient": _layers("No gradient reaches the embeddings.", "Look for detach, .data or no_grad before the loop.",
        line="The embeddings go into the first layer as they are."),
    "attends-across-sentences": _layers("Tokens attend to other sentences of the batch: the axes of sentences and tokens are exchanged.",
        "Look for a transpose, and for attention that expects tokens first.",
        line="The first axis is the sentence, the second the token, all the way.", seen=1),
    "first-only-ignored": _first("first_only changes nothing: the last layer computes all positions.", "Look at where first_only is used.",
        line="Tell the last layer, and only it."),
    "first-only-too-early": _first("With first_only, a layer before the last computes position 0 alone, and the next one has nothing else to read.",
        "Look at which layers are told.", line="Tell the last layer, and only it."),
    "weights-not-asked-for": _first("The layers are not told that attention weights are wanted.", "Look at the arguments of the call of a layer.",
        line="Pass on need_weights."),
    "mask-unchecked": _mask("The shape of the mask is not checked; right, but a mask with one number for a whole sentence is spread over it without a word.",
        "Compare the shapes of mask and states before the loop.", line="One number for each token: refuse anything else.", severity="note"),
    "all-layers-at-once": _layers("All layers are computed before the first is given out; right, but who stops after a few layers saves nothing.",
        "Look at where yield stands.", line="Give out each layer's result inside the loop.", severity="note"),
}
