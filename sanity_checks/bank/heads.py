"""What is said about the mistakes of heads."""

from __future__ import annotations

from sanity_checks.bank import Mistake

WHERE = "In heads, LinearHead.forward."
RULE = "Logits = Dropout(features) W + b."
RAW = "A head returns raw scores; softmax and sigmoid belong to the loss and to the decision."
SHAPE = "Several scores: (B, k); one score: (B,), also when B is 1."
SLOPE = "The slope of a score is W along the features and the features along W: both must arrive."


def _raw(says: str, look: str, line: str, seen: int = 0, severity: str = "error") -> Mistake:
    return Mistake(says, look, WHERE, RAW, line, severity, seen)


MISTAKES: dict[str, Mistake] = {
    "dropout-missing": Mistake("The head has a dropout but does not use it.", "Look at where the module's dropout is called.", WHERE, RULE,
                               "The features go through dropout before the linear map.", "train", 9),
    "dropout-on-scores": Mistake("Dropout falls on the scores, after the linear map: whole scores become 0.", "Look at the order of dropout and linear map.", WHERE, RULE,
                                 "Drop features, not scores.", "train"),
    "dropout-twice": Mistake("The features go through dropout twice.", "Count the calls of dropout.", WHERE, RULE, "Once is enough.", "train", 3),
    "dropout-on-both-sides": Mistake("Dropout falls on the features and again on the scores.", "Count the calls of dropout.", WHERE, RULE, "Drop features, not scores.", "train", 3),
    "dropout-in-eval": Mistake("Dropout is on in eval mode too, as it is when the dropout module is made inside forward.", "Look at where the dropout is made, or at its training flag.",
                               WHERE, "A new module is always in train mode.", "Use the module that was made once, in __init__.", seen=2, fact="two calls in eval mode agree"),
    "dropout-rate": Mistake("Dropout keeps the share that it should drop.", "Look at the rate: p is the share that is dropped.", WHERE, RULE, "Hand the rate over as it is.", "train"),
    "dropout-rate-of-a-half": Mistake("The rate of dropout is torch's default of 0.5, not the head's own.", "Look at the call of dropout: which rate does it get?", WHERE, RULE,
                                      "Use the head's own dropout, or its rate.", "train"),
    "softmax-returned": _raw("Rows of several scores go through a softmax: they add up to 1, and cross-entropy will apply another one.", "Look at what is returned.",
                             "Return the scores as they leave the linear map.", 7),
    "softmax-over-batch": _raw("A softmax runs over the examples of the batch.", "Look for a softmax over dimension 0.", "Return the scores as they leave the linear map."),
    "log-softmax-returned": _raw("Rows of several scores are log-probabilities: right with cross-entropy, for which a second log_softmax changes nothing.", "Nothing to do.",
                                 "Raw scores are enough.", 1, "note"),
    "classes-returned": _raw("The place of the largest score is returned instead of the scores, and a place has no slope.", "Look for argmax.", "Decide in the evaluation.", 3),
    "probability-returned": _raw("A single score goes through a sigmoid; loss and decision will apply another one.", "Look at what is returned for one score.",
                                 "Return the score as it leaves the linear map.", 7),
    "sigmoid-of-every-score": _raw("Every score goes through a sigmoid.", "Look at what is returned.", "Return the scores as they leave the linear map.", 7),
    "rounded": _raw("A single score becomes a rounded probability, and rounding has no slope.", "Look for round().", "Decide in the evaluation.", 3),
    "scores-rounded": _raw("Scores are rounded, and rounding has no slope: nothing is learned.", "Look for round().", "Decide in the evaluation.", 3),
    "squashed-to-5": _raw("A single score is 5 sigmoid of what the linear map gives.", "Look at what is returned for one score.", "Return the score as it leaves the linear map."),
    "clamped-to-5": _raw("A single score is cut to 0..5, and outside nothing is learned.", "Look for clamp.", "Return the score as it leaves the linear map."),
    "relu-on-scores": _raw("Scores go through a ReLU: no score can be negative, and those that would be learn nothing.", "Look at what comes after the linear map.",
                           "Return the scores as they leave the linear map.", 2),
    "tanh-on-scores": _raw("Scores go through tanh, so none leaves -1..1.", "Look at what comes after the linear map.", "Return the scores as they leave the linear map."),
    "relu-on-features": Mistake("Features go through a ReLU first.", "Look at what comes before the linear map.", WHERE, RULE, "Between features and map there is dropout only."),
    "tanh-on-features": Mistake("Features go through tanh first, which the pooler has done already.", "Look at what comes before the linear map.", WHERE, RULE,
                                "Between features and map there is dropout only."),
    "squeeze-without-dimension": Mistake("A squeeze() without a dimension also drops the batch dimension when the batch has one example.", "Try a batch of one.", WHERE, SHAPE,
                                         "Say which dimension is to go: the last one.", seen=9),
    "squeeze-of-batch": Mistake("One score for each example is squeezed only when the batch has one example: the batch's dimension is taken for that of the scores.",
                                "Look at the dimension of squeeze.", WHERE, SHAPE, "The scores are the last dimension."),
    "not-squeezed": Mistake("One score for each example comes as (B, 1) instead of (B,), and (B, 1) against labels (B,) would become (B, B).", "Look at the shape for one score.",
                            WHERE, SHAPE, "Drop the last dimension when it has size 1."),
    "bias-missing": Mistake("The bias is not added.", "Look at how the linear map is computed.", WHERE, RULE, "Call the linear module, which adds its bias."),
    "weight-not-transposed": Mistake("The weight of nn.Linear is (k, F): multiplied as it is, the sizes do not fit.", "Look at how the linear map is computed.", WHERE,
                                     "With weight W of shape (k, F), nn.Linear computes x W^T + b.", "Call the linear module."),
    "linear-missing": Mistake("The features come back without the linear map.", "Look at what is returned.", WHERE, RULE, "The linear map makes scores of features."),
    "detached": Mistake("No gradient passes to the features, so the encoder learns nothing.", "Look for detach(), .data or no_grad() before the linear map.", WHERE, SLOPE,
                        "To freeze the encoder, freeze its parameters instead."),
    "gradient-off": Mistake("No gradient reaches the head's own weights, so it learns nothing.", "Look for detach(), .data or no_grad().", WHERE, SLOPE,
                            "Return a tensor that still knows where it came from."),
    "batch-mean-removed": Mistake("The mean over the batch is taken off, so an example's score depends on the others.", "Look for mean(0) and other sums over the batch.", WHERE, RULE,
                                  "Each example is scored alone.", seen=1),
    "features-normalised": Mistake("Features are scaled to length 1 first.", "Look at what comes before the linear map.", WHERE, RULE, "Between features and map there is dropout only."),
    "writes-into-features": Mistake("The head writes into the features that it was given.", "Look for a change in place.", WHERE, RULE, "Work on a new tensor.",
                                    fact="the features stay as they were"),
}
