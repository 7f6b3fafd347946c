"""What is said about the mistakes of heads that show without any reference: fact that fails -> mistake."""

from __future__ import annotations

from sanity_checks.bank import Mistake

FACTS: dict[str, Mistake] = {
    "shape": Mistake(
        "The prediction has another shape than one row of scores for each example.", "Check what the last layer returns, and what is squeezed or averaged away.",
        "In the predict method, the last lines.", "Sentiment: (B, 5). Paraphrase and similarity: (B, 1) or (B,).", "Print the shape for a batch of three."),
    "single": Mistake(
        "A batch of one example loses its batch dimension or fails, although larger batches work.", "Look for squeeze() without a dimension.",
        "Where the prediction is squeezed.", "squeeze() drops every dimension of size 1, the batch's too.", "Say which dimension is to go, the last one.", seen=9),
    "random": Mistake(
        "Two calls in eval mode give different predictions.", "Look for a dropout that does not know about eval mode.", "Where the head's dropout is made.",
        "A module made inside forward is always in train mode.", "Make nn.Dropout in __init__, or pass training=self.training to the function.", seen=2),
    "row": Mistake(
        "An example's prediction depends on the other examples of its batch.", "Look for a softmax, mean or norm over dimension 0.", "Between encoder and prediction.",
        "Every row must be computed from its own two sentences alone.", "Check the dim of every softmax, mean, sum, norm and normalisation.", seen=1),
    "pads": Mistake(
        "The prediction changes when the same sentences are padded further.", "Look for a mean or maximum over all tokens, or ids joined after padding.",
        "Where one vector is made out of the token vectors, or two sentences are put into one row.", "Only tokens whose mask is 1 may count.",
        "Use the attention mask in the pooling, or join the sentences before they are padded.", seen=13),
    "normalised": Mistake(
        "The predicted rows are probabilities (they sum to 1), but cross-entropy wants raw scores.", "Look for a softmax in the predict method.",
        "The last lines of the head.", "cross_entropy computes -log softmax(z)[y] itself; with a softmax before it, five classes never get below 0.905.",
        "Return what the linear layer gives.", seen=7),
    "raw-nll": Mistake(
        "The classifier returns raw scores, but the training loop uses nll_loss, which wants log-probabilities.", "Compare the head's last line with the loss.",
        "The end of forward, and the loss in train.", "nll_loss is only -z[y]: on raw scores it has no lowest value.", "Give the scores a log_softmax over the classes.", seen=3),
    "probability": Mistake(
        "The prediction is a probability between 0 and 1, but the evaluation expects the raw score and applies the sigmoid itself.",
        "Look for a sigmoid or softmax in the predict method.", "The last lines of the predict method.",
        "The sigmoid of a number between 0 and 1 is never below 0.5, so every pair counts as a paraphrase.", "Return what the linear layer gives.", seen=7),
    "whole": Mistake(
        "The predictions are whole numbers: something rounds them, or takes the index of the largest.", "Look for round, argmax, int or a comparison.",
        "The last lines of the predict method.", "Rounding has no slope, so nothing is learned from such a prediction.", "Return the score; the evaluation rounds it.", seen=10),
    "second": Mistake(
        "The prediction does not depend on the second sentence.", "Follow input_ids_2 through the method.", "Where the two vectors are put together.",
        "The features of a pair are made of both vectors.", "Check that the second call of the encoder gets the second sentence and that its result is used."),
    "first": Mistake(
        "The prediction does not depend on the first sentence.", "Follow input_ids_1 through the method.", "Where the two vectors are put together.",
        "The features of a pair are made of both vectors.", "Check that the first call of the encoder gets the first sentence and that its result is used."),
    "changed": Mistake(
        "The method changes the tensors that it is given.", "Look for assignments into input_ids or attention_mask.", "In the predict method.",
        "Whoever calls it uses the same tensors again.", "Make a new tensor instead."),
    "slope": Mistake(
        "No gradient comes from this prediction: nothing would be learned from it.", "Look for detach, no_grad, item, round or argmax.", "Between encoder and prediction.",
        "The slope of the loss has to reach the head's weights.", "Everything between the encoder and the returned score must stay a tensor with gradients.", seen=3),
    "encoder": Mistake(
        "Fine-tuning all of the model is on, but no gradient reaches the encoder.", "Look for detach, no_grad or requires_grad = False.",
        "In __init__ where parameters are frozen, and around the call of self.bert.", "Only last-linear-layer (or pretrain) may freeze the encoder.",
        "Compare the words that freeze with those that the command line offers."),
    "frozen": Mistake(
        "Only the last layer is to be trained, but the encoder gets gradients too.", "Look where requires_grad is set.", "In __init__.",
        "With last-linear-layer (or pretrain), no parameter of the encoder changes.", "Set requires_grad to False for all of them."),
    "dropout": Mistake(
        "The head's dropout is made in __init__ and never used: two calls in train mode give the same prediction.", "Look whether self.dropout is called.", "In the predict method.",
        "The vector of the sentence goes through dropout before the last linear layer.", "Call the dropout that __init__ makes.", "train", seen=9),
}  # fmt: skip

# A fact that fails -> others that then fail because of it, and are not told again.
BECAUSE = {
    "whole": ("slope", "encoder", "probability", "dropout", "first", "second"), "slope": ("encoder",), "normalised": ("probability",), "random": ("row", "pads", "changed"),
    "shape": tuple(name for name in FACTS if name != "shape"), "encoder": (), "second": ("encoder",),
}  # fmt: skip
COSINE = "The similarity stays between -1 and 1 while the labels go from 0 to 5: make sure that one of the two is scaled before the loss."
NO_DROPOUT = "This head has no dropout; the course's own sentence classifier has one before the last linear layer."
