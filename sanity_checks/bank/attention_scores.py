"""What is said about the mistakes of attention between the maps and the weights: who asks whom, scale, softmax."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake

EQUATION = "weights = softmax(Q K^T / sqrt(D) + mask), over the keys, with D the width of one head."
MAPS_EQUATION = "Q = x W_Q + b_Q, K = y W_K + b_K, V = y W_V + b_V, where x are the rows that ask and y those that answer."

_SCALE = functools.partial(Mistake, where="In the attention formula, where the scores are scaled.", equation=EQUATION)
_SOFTMAX = functools.partial(Mistake, where="In the attention formula, where scores become weights.", equation=EQUATION)
_MAPS = functools.partial(Mistake, where="In the forward of multi-head attention, at the maps for query, key and value.", equation=MAPS_EQUATION)
_DIVIDE = "The product of queries and keys is divided once, by the square root of the size of its summed dimension: the last of the queries."
_LAST = "A softmax over the last dimension turns the masked scores into weights, and nothing else is done to them."
_OWN = "Three maps, three names: each result comes from the map of the same name."
_ROWS = "The scores have one row a query and one column a key: queries stand on the left of the product, keys, transposed, on its right."
_SUM = "Each query's weights over the keys must sum to one: last dimension."
_POSITIVE = "Weights must be positive and sum to one."

SCORES: dict[str, Mistake] = {
    "scale-missing": _SCALE("The scores are not scaled.", "Scores are sqrt(D) times too large: divide by the square root of the head size.", line=_DIVIDE, seen=2),
    "scale-by-width": _SCALE("The scores are divided by the square root of the whole width instead of one head's.", "Use the size of one head, width / heads.", line=_DIVIDE),
    "scale-multiplied": _SCALE("The scores are multiplied by the square root of the head size.", "Scaling makes the scores smaller.", line=_DIVIDE),
    "scale-by-length": _SCALE("The scores are divided by the square root of the number of tokens.", "The scale must not change with the length of a sentence.", line=_DIVIDE),
    "scale-by-heads": _SCALE("The scores are divided by the square root of the number of heads.", "How wide a head is counts, not how many there are.", line=_DIVIDE),
    "scale-without-root": _SCALE("The scores are divided by the head size instead of its square root.", "The square root is missing.", line=_DIVIDE),
    "scale-after-softmax": _SCALE("The weights are scaled after the softmax instead of the scores before it.", "Scale first: afterwards the weights must sum to one.", line=_DIVIDE),
    "softmax-over-queries": _SOFTMAX("The softmax runs over the queries instead of the keys.", _SUM, line=_LAST),
    "softmax-over-heads": _SOFTMAX("The softmax runs over the heads instead of the keys.", _SUM, line=_LAST),
    "softmax-over-batch": _SOFTMAX("The softmax runs over the sentences instead of the keys, so that sentences influence each other.", _SUM, line=_LAST),
    "softmax-missing": _SOFTMAX("The softmax is missing: scores are used as weights.", _POSITIVE, line=_LAST),
    "softmax-log": _SOFTMAX("The weights are the logarithm of the softmax.", _POSITIVE, line=_LAST),
    "softmax-sigmoid": _SOFTMAX("The weights come from a sigmoid instead of a softmax.", "Every weight is between 0 and 1, but a query's weights do not sum to one.", line=_LAST),
    "softmax-without-sum": _SOFTMAX("The exponentials of the scores are not divided by their sum.", _POSITIVE, line=_LAST),
    "softmax-twice": _SOFTMAX("The softmax is applied twice.", "A second softmax makes all weights nearly equal.", line=_LAST),
    "softmax-in-bfloat16": _SOFTMAX("The softmax is computed in bfloat16, which keeps two to three digits.", "Look for a change of precision around the softmax.", line=_LAST),
    "softmax-in-float16": _SOFTMAX("The softmax is computed in float16, which keeps three digits.", "Look for .half() or float16 around the softmax.", line=_LAST),
    "causal": _SOFTMAX("Later tokens are hidden, as in GPT.", "BERT looks both ways: position 0 must depend on position 1.", line="No mask but the one for padding."),
    "query-key-swapped": _MAPS("Query and key are swapped.", "Row j of the scores belongs to query j. Look at the order of the arguments, too.", line=_OWN, seen=1),
    "query-key-swapped~scores": Mistake("Query and key are swapped in the product: the scores are transposed.", "Row j of the scores belongs to query j.",
                                        "In the attention formula, at the product of queries and keys.", EQUATION, _ROWS, seen=1),
    "query-is-key": _MAPS("The query is made by the key's map.", "Look at the name of the map on the line of the query.", line=_OWN),
    "key-is-query": _MAPS("The key is made by the query's map.", "Look at the name of the map on the line of the key.", line=_OWN),
    "value-is-key": _MAPS("The value is made by the key's map.", "Look at the name of the map on the line of the value.", line=_OWN),
    "value-is-query": _MAPS("The value is made by the query's map.", "Look at the name of the map on the line of the value.", line=_OWN),
    "key-value-swapped": _MAPS("Key and value are swapped.", "Scores are made of queries and keys; values are what is mixed.", line=_OWN),
    "maps-missing": _MAPS("The maps for query, key and value are not applied.", "Attention does not compare the tokens themselves but what three linear maps make of them.", line=_OWN),
    "maps-without-bias": _MAPS("The biases of the maps for query, key and value are not used.", "Each map has a weight and a bias.", line="Call the modules, which add their biases."),
    "asking-answers": _MAPS("Keys and values are made of the rows that ask instead of those that answer.",
                            "The two are the same in self-attention, but not when only the first token asks.", line="The key's and the value's map are given the rows that answer."),
    "all-ask": _MAPS("Queries are made of the rows that answer instead of those that ask.",
                     "The two are the same in self-attention, but not when only the first token asks.", line="The query's map is given the rows that ask."),
}
