"""What is said about the mistakes of the pooler and of what the model returns."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake

POOLED = "pooled = tanh(h[CLS] W + b)."
_pool = functools.partial(Mistake, where="The pooler.", equation=POOLED)
_last = functools.partial(Mistake, where="Where the pooler is called.", equation="pooled = tanh(h_L[CLS] W + b), with h_L the states of the last layer.")
_out = functools.partial(Mistake, where="The end of the model's forward.", equation="forward returns last_hidden_state (B, T, C) and pooler_output (B, C), by these names.")
FIRST = "The pooler reads position 0 alone, where [CLS] stands."
BENT = "The pooler's activation is tanh."

POOLER: dict[str, Mistake] = {
    "pooler-tanh-missing": _pool("The pooled vector is not passed through tanh.",
        "last_hidden_state is right, pooler_output is not: look at the end of the pooler.", line=BENT),
    "pooler-relu": _pool("The pooler's activation is ReLU instead of tanh.", "Look at the pooler's activation.", line=BENT),
    "pooler-gelu": _pool("The pooler's activation is GELU instead of tanh.", "Look at the pooler's activation.", line=BENT),
    "pooler-sigmoid": _pool("The pooler's activation is the logistic function instead of tanh.", "Look at the pooler's activation.", line=BENT),
    "pooler-map-missing": _pool("The pooler's linear map is left out.", "Look for the linear map that the pooler owns.",
        line="First the linear map, then tanh."),
    "pooler-tanh-first": _pool("The pooler applies tanh before its linear map.", "Look at the order of the two.",
        line="First the linear map, then tanh."),
    "pooler-raw-cls": _pool("pooler_output is the state of [CLS] as it is: neither linear map nor tanh is applied.",
        "last_hidden_state is right, pooler_output is not: look at the pooler.",
        line="The state of [CLS] goes through the linear map, then through tanh."),
    "pooler-last-token": _pool("The pooler reads the last position, which is padding in all but the longest sentence.", "Look at the index.",
        line=FIRST),
    "pooler-mean": _pool("The pooler reads the mean of all positions, padding included.", "Look at what the linear map is given.",
        line=FIRST, seen=2),
    "pooler-mean-raw": _pool("pooler_output is the mean of all states, padding included; the pooler's weights are not used.", "Look at the pooler.",
        line=FIRST, seen=2),
    "pooler-max": _pool("The pooler reads the maximum over all positions, padding included.", "Look at what the linear map is given.",
        line=FIRST, seen=2),
    "pooler-max-raw": _pool("pooler_output is the maximum over all states, padding included; the pooler's weights are not used.",
        "Look at the pooler.", line=FIRST, seen=2),
    "pooler-first-sentence": _pool("The pooler reads the first tokens of the first sentence instead of the first token of each sentence.",
        "Look at which axis the index belongs to.", line="The first axis is the sentence, the second the token."),
    "pooler-all-tokens": _pool("The pooler pools nothing: it returns a vector for every token.", "Look at the shape of pooler_output.", line=FIRST),
    "pooler-detached": _pool("No gradient flows from the pooled vector into the encoder.", "Look for detach, .data or no_grad.",
        line="The state of [CLS] goes into the pooler as it is."),
    "pooler-of-embeddings": _last("The pooler reads the embeddings instead of the last layer.", "Look at what the pooler is given.",
        line="Pool what the last layer returned."),
    "pooler-of-first-layer": _last("The pooler reads the first layer instead of the last.", "Look at what the pooler is given.",
        line="Pool what the last layer returned."),
    "pooler-of-layer-before-last": _last("The pooler reads the layer before the last.", "Look at what the pooler is given.",
        line="Pool what the last layer returned."),
    "states-without-embeddings": _out("The embeddings are missing among the hidden states, so every number is off by one.",
        "Count the hidden states: there is one more than layers.", line="The first hidden state is what goes into the first layer."),
    "states-one-late": _out("The hidden states hold one layer twice, at the end.", "Compare the last two hidden states.",
        line="Hidden state l is what layer l returned."),
    "token-types-not-passed-on": _out("Token types that the model is given never reach the embeddings.", "Look at the call of the embeddings.",
        line="Pass on the token types."),
    "positions-not-passed-on": _out("Positions that the model is given never reach the embeddings.", "Look at the call of the embeddings.",
        line="Pass on the positions."),
    "output-tuple": _out("The model returns a plain tuple.", "Look at the return statement.",
        line="Callers read last_hidden_state and pooler_output by name.", seen=3),
    "output-keys": _out("The model returns the pooled vector under another name than pooler_output.", "Look at the names in what is returned.",
        line="Callers read last_hidden_state and pooler_output.", seen=3),
    "output-nothing": _out("The model returns None.", "Look for the return statement.", line="The last line returns what was computed."),
}
