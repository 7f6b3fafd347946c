"""What is said about the mistakes of the feed-forward network: two linear maps with an activation between them, and nothing else."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake
from sanity_checks.bank.feed_forward_gelu import GELU

EQUATION = "FFN(x) = GELU(x W_1 + b_1) W_2 + b_2, with W_1 from the width to the inner width and W_2 back."

BEND = functools.partial(Mistake, where="In FeedForward.forward, between the two linear maps.", equation=EQUATION)
MAPS = functools.partial(Mistake, where="In FeedForward.forward, at the two linear maps.", equation=EQUATION)
FLOW = functools.partial(Mistake, where="In FeedForward.forward.", equation=EQUATION)
DROPOUT = functools.partial(Mistake, where="In FeedForward.forward, around the linear maps.", equation=EQUATION + " There is no dropout inside.", severity="train")

EXACT = "The activation between the maps is the exact GELU, of this file or of torch without its approximate option."
ORDER = "Inside out: the first map on x, the activation on its result, the second map on that."
NOT_HERE = "That belongs to the add-norm around this network, which adds the residual, drops and normalises. The network only transforms."
NO_DROPOUT = "The add-norm around this network drops its output; none is needed inside."

MISTAKES: dict[str, Mistake] = {
    **GELU,
    "activation-missing": BEND("There is no activation between the two linear maps.", "The first map is followed by the activation; without one, two maps are only one.", line=ORDER, seen=1),
    "activation-relu": BEND("The activation is ReLU instead of GELU.", "BERT's feed-forward network uses GELU.", line=EXACT),
    "activation-leaky-relu": BEND("The activation is a leaky ReLU instead of GELU.", "BERT's feed-forward network uses GELU.", line=EXACT),
    "activation-elu": BEND("The activation is ELU instead of GELU.", "BERT's feed-forward network uses GELU: check the letters.", line=EXACT),
    "activation-silu": BEND("The activation is SiLU (Swish) instead of GELU.", "BERT's feed-forward network uses GELU.", line=EXACT),
    "activation-tanh": BEND("The activation is tanh instead of GELU.", "A tanh belongs to the pooler; the feed-forward network uses GELU.", line=EXACT),
    "activation-sigmoid": BEND("The activation is the sigmoid instead of GELU.", "BERT's feed-forward network uses GELU.", line=EXACT),
    "activation-softmax": BEND("A softmax stands between the two linear maps.", "Softmax belongs to attention; the feed-forward network uses GELU.", line=EXACT),
    "activation-gelu-tanh": BEND("The network uses the tanh approximation of GELU.", "Exact GELU; the approximation differs in the fourth digit.", line=EXACT),
    "activation-gelu-sigmoid": BEND("The network uses the sigmoid approximation of GELU, x sigmoid(1.702 x).", "Exact GELU; this approximation differs in the second digit.", line=EXACT),
    "activation-first": BEND("The activation is applied to the input, before the first map.", "The activation stands between the two maps.", line=ORDER),
    "activation-last": BEND("The activation is applied after the second map instead of between the two.", "The activation stands between the two maps.", line=ORDER),
    "activation-twice": BEND("The activation is applied after the second map as well.", "The second map is the end of the network: nothing bends its result.", line=ORDER),
    "activation-of-activation": BEND("The activation is applied twice in a row.", "Does something that you call bend already?", line=ORDER),
    "maps-swapped": MAPS("The second linear map is applied to the input itself: the maps are swapped, or the first one is left out.", "First widen, then narrow.", line=ORDER),
    "map-two-skipped": MAPS("The second linear map is left out: the output has the inner width.", "After the activation, the second map brings the width back.", line=ORDER),
    "map-one-without-bias": MAPS("The bias of the first map is not used.", "The first map has a weight and a bias.", line="Call the module, which adds its bias, or hand both to the function."),
    "map-two-without-bias": MAPS("The bias of the second map is not used.", "The second map has a weight and a bias.", line="Call the module, which adds its bias, or hand both to the function."),
    "maps-without-bias": MAPS("The biases of both maps are not used.", "Each map has a weight and a bias.", line="Call the modules, which add their biases, or hand both to the function."),
    "residual-inside": FLOW("The input is added to the output inside the network.", NOT_HERE, line=ORDER),
    "norm-inside": FLOW("The output is normalised inside the network.", NOT_HERE, line=ORDER),
    "residual-and-norm-inside": FLOW("The input is added and the sum normalised inside the network.", NOT_HERE, line=ORDER),
    "dropout-between": DROPOUT("Dropout is applied between the two linear maps.", NO_DROPOUT, line=ORDER),
    "dropout-on-output": DROPOUT("Dropout is applied to the output inside the network, so that it is dropped twice.", NO_DROPOUT, line=ORDER),
    "dropout-on-input": DROPOUT("Dropout is applied to the input of the network.", NO_DROPOUT, line=ORDER),
    "dropout-in-eval": DROPOUT("Dropout is applied inside the network, in eval mode, too: two calls with the same input disagree.",
                               NO_DROPOUT, line=ORDER, severity="error", fact="two calls in eval mode agree"),
    "input-detached": FLOW("No gradient flows back to the network's input, so nothing below it learns.", "Look for detach() or no_grad() on the input.", line="The first map is given x as it came in."),
    "inner-detached": FLOW("No gradient flows back from the second map to the first, which never learns.", "Look for detach(), no_grad() or .data between the maps.",
                           line="The second map is given the activation's result as it is."),
    "output-detached": FLOW("No gradient flows through the network at all.", "Look for detach(), no_grad() or .data.", line="What the second map gives is returned as it is."),
    "input-overwritten": FLOW("The network adds its result into the input itself, which the residual still needs.", "You overwrote a tensor: look for += and for functions that end in _.",
                              line="The output is a new tensor, and the input is not part of it."),
    "return-missing": FLOW("FeedForward.forward returns None.", "Is the `return` missing?", line="The last line returns what the second map gives."),
}
