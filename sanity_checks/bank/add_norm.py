"""What is said about the mistakes of add-norm: the residual, what the branch adds to it, and the norm over both."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake
from sanity_checks.bank.add_norm_norm import NORM

EQUATION = "output = LayerNorm(residual + Dropout(branch)), where branch is the result of the dense layer."

DROPOUT = functools.partial(Mistake, where="In add_norm, at the dropout.", equation=EQUATION, severity="train")
RESIDUAL = functools.partial(Mistake, where="In add_norm, at the sum.", equation=EQUATION)
DENSE = functools.partial(Mistake, where="In add_norm, at the dense layer.", equation="branch = output W + b; then " + EQUATION)

WHOLE = "The sum adds the whole residual to the dropped branch: the dropout's brackets close before the plus sign."
PLAIN_SUM = "The norm's argument is a plain sum of two tensors: the residual as it came in, and what the dropout made of the branch."
DENSE_FIRST = "The dense layer is called once, on the branch's input alone, and everything else happens to its result."

MISTAKES: dict[str, Mistake] = {
    "dropout-missing": DROPOUT(
        "The dropout that add_norm is given is never applied.", "Look for the argument `dropout`: is it called?",
        line="The branch passes through the dropout before it is added to the residual."),
    "dropout-before-dense": DROPOUT(
        "Dropout is applied to the input of the dense layer instead of its result.", "Dropout comes after the dense layer, on what is about to be added.",
        line="First the dense layer, then the dropout on its result, then the sum.", seen=9),
    "dropout-before-and-after-dense": DROPOUT(
        "Dropout is applied twice: to the input of the dense layer and to its result.", "One dropout is enough: the one after the dense layer.",
        line="Only the result of the dense layer is dropped, its input goes in whole."),
    "dropout-on-sum": DROPOUT(
        "Dropout is applied to the sum of residual and branch.", "Only the new branch is dropped; the residual must stay whole.", line=WHOLE, seen=2),
    "dropout-after-norm": DROPOUT(
        "Dropout is applied to the result of the layer norm.", "The layer norm is last: nothing may be zeroed after it.",
        line="The norm's result is what is returned; the dropout stands inside, around the branch.", seen=5),
    "dropout-on-residual-too": DROPOUT(
        "Dropout is applied to the residual as well as to the branch.", "Only the new branch is dropped; the residual must stay whole.", line=WHOLE),
    "dropout-on-residual": DROPOUT(
        "Dropout is applied to the residual and not to the branch.", "It is the other way round: the new branch is dropped, the residual stays whole.", line=WHOLE),
    "dropout-twice": DROPOUT(
        "Dropout is applied to the branch twice.", "Count the calls of `dropout`: one is enough.", line="The branch passes through the dropout once."),
    "dropout-rate": DROPOUT(
        "The dropout rate is a constant of 0.1 and not that of the dropout module that add_norm is given.", "Use the module that is passed in; it knows its own rate.",
        line="Call the argument `dropout` instead of building or naming another dropout."),
    "dropout-in-eval": DROPOUT(
        "Dropout is on in eval mode, too: two calls with the same input disagree.", "Does your dropout know whether the model is training?",
        line="Call the module that is passed in, which looks at its own mode; a functional dropout must be told the mode.",
        severity="error", fact="two calls in eval mode agree"),
    **NORM,
    "residual-missing": RESIDUAL(
        "The residual is not added: the output does not depend on it.", "Changing the residual changes nothing: the skip connection is missing.",
        line=PLAIN_SUM, fact="the output depends on the residual"),
    "residual-is-branch": RESIDUAL(
        "The branch is added to itself, and the residual is not used.", "Which two tensors meet at the plus sign?", line=PLAIN_SUM),
    "residual-twice": RESIDUAL(
        "The residual is added twice: inside the norm and once more outside.", "The norm is last: nothing is added after it.", line="What the norm gives is returned as it is."),
    "residual-subtracted": RESIDUAL(
        "The residual is subtracted instead of added.", "Look at the sign between residual and branch.", line=PLAIN_SUM),
    "residual-multiplied": RESIDUAL(
        "Residual and branch are multiplied instead of added.", "The residual is a sum: x + f(x).", line=PLAIN_SUM),
    "residual-averaged": RESIDUAL(
        "Residual and branch are averaged instead of added.", "Is there a factor of one half, or a mean? The norm hides it nearly, but not its epsilon.", line=PLAIN_SUM),
    "residual-overwritten": RESIDUAL(
        "The sum is written into the residual itself, which the caller and the backward pass still need.", "You overwrote a tensor: use x + y, not x += y.",
        line="The sum becomes a new tensor; no +=, no add_ on the residual.", seen=1, fact="the residual stays as it was"),
    "residual-detached": RESIDUAL(
        "No gradient flows through the residual.", "Look for detach() or no_grad() around the residual.", line="The residual is added as it came in: nothing cuts it from the graph."),
    "branch-missing": RESIDUAL(
        "The branch is not added: the output does not depend on it.", "Changing the branch changes nothing: what becomes of it?",
        line=PLAIN_SUM, fact="the output depends on the branch"),
    "branch-is-residual": RESIDUAL(
        "The residual is added to itself, and the branch is not used.", "Which two tensors meet at the plus sign, and which one is dropped?", line=PLAIN_SUM),
    "branch-detached": RESIDUAL(
        "No gradient flows into the branch, so nothing below it learns.", "Look for detach() or no_grad() around the branch.", line="The branch is added as it came out of the dropout: nothing cuts it from the graph."),
    "dense-skipped": DENSE(
        "The dense layer is not applied to the branch.", "The argument `dense_layer` is there for a reason.", line=DENSE_FIRST, seen=1),
    "dense-twice": DENSE("The dense layer is applied twice.", "Has the caller applied it already?", line=DENSE_FIRST),
    "dense-on-sum": DENSE(
        "The dense layer is applied to the sum of residual and branch.", "Only the branch goes through the dense layer; the residual is added afterwards.", line=DENSE_FIRST),
    "dense-last": DENSE(
        "The dense layer is applied after the norm.", "The norm is last; the dense layer is the end of the branch.", line=DENSE_FIRST),
    "return-missing": Mistake(
        "The function add_norm returns None.", "Is the `return` missing?", "In the last line of add_norm.", EQUATION, "The last line returns what the norm gives."),
}
