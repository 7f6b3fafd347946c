"""What is said about the mistakes of SimCSE."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
TEMPERATURE = ("In simcse, simcse_loss and what becomes of its temperature.", "Each logit is a cosine over tau, and tau is .05: divided, so that it grows.",
               "Cosines of hard negatives go through the same division.")
COSINE = ("In simcse, cosines.", "cos(u, v) = u . v / (|u| |v|), the norms over the C numbers of one sentence.", "Both sides are divided by their own length.")
LOSS = ("In simcse, the last lines of simcse_loss.", "loss_i = -log of [ e to the cosine of (i, i) over tau, divided by the same summed over all j ], averaged over i.",
        "It is a cross-entropy whose row i has its answer in column i; columns are the second views, and hard negatives where there are some.")
SLOPE = ("In simcse, simcse_loss.", "The gradient flows into both views.", "Neither view is a constant.")
HARD = ("In simcse, the part of simcse_loss about negatives.", "Every hard negative of the batch stands below the line of every sentence; a sentence's own may get a larger logit.",
        "B columns more; the weight is added on their diagonal alone.")
GROUPS = ("In simcse, the part of simcse_loss about groups.", "Sentences of one group are the same sentence: left out below the line, but for the pair itself.",
          "A logit that is left out is minus infinity.")
VIEWS = ("In simcse, two_views.", "z = f(x; one dropout mask), z' = f(x; another): row i of both is sentence i.", "Double the batch of every input, encode, and take it apart in the same way.")
HEAD = ("In simcse, SimcseHead.forward.", "tanh(z W + b) in training; at test time without it, where the head is for training only.", "Two questions decide: what kind of head, and which mode.")

NEAR = "Divide the cosines by it."
PAIR = "Look at which column is called right for row i."
MISTAKES: dict[str, Mistake] = {
    "temperature-multiplied": Mistake("Cosines are multiplied by the temperature instead of divided, so all logits are almost equal.", NEAR, *TEMPERATURE),
    "temperature-missing": Mistake("There is no temperature: logits between -1 and 1 cannot tell sentences apart.", NEAR, *TEMPERATURE, seen=2),
    "temperature-fixed": Mistake("The temperature is always .05, whatever is asked for.", "Use the argument.", *TEMPERATURE),
    "temperature-missing-for-hard-negatives": Mistake("Cosines with hard negatives are not divided by the temperature, so they hardly count.", NEAR, *TEMPERATURE, severity="option"),
    "not-normalised": Mistake("Vectors are not normalised: a product instead of a cosine, which long vectors win.", "Divide by the lengths.", *COSINE, seen=2),
    "first-view-only-normalised": Mistake("Only the first view is normalised.", "Divide by both lengths.", *COSINE),
    "second-view-only-normalised": Mistake("Only the second view is normalised.", "Divide by both lengths.", *COSINE),
    "normalised-across-the-batch": Mistake("The norm runs over the sentences of the batch instead of the numbers of a sentence.", "Look at the dimension of the norm.", *COSINE),
    "distances-for-cosines": Mistake("Distances stand in for cosines.", "The angle counts, not how far apart the ends are.", *COSINE),
    "own-view-left-out-below": Mistake("The positive pair is left out below the line, so the loss can fall without end.", "The sum runs over all j, i among them.", *LOSS),
    "own-view-twice-below": Mistake("The positive pair stands below the line twice.", "Count the columns.", *LOSS),
    "neighbours-are-pairs": Mistake("Sentences 0 and 1, 2 and 3, ... are taken for positive pairs, although the views come one batch after the other.", PAIR, *LOSS, seen=1),
    "first-sentence-is-everyones-pair": Mistake("Every sentence is pulled towards the first one.", PAIR, *LOSS),
    "both-directions": Mistake("The loss is averaged over both directions, second to first too: that is another loss.", "Rows are first views, columns second views, once.", *LOSS),
    "other-direction": Mistake("The softmax runs over first views for each second one.", "Look at the dimension of the softmax.", *LOSS),
    "all-views-in-one": Mistake("All 2B views are compared with each other (NT-Xent): views of the same pass are negatives too, and each pair counts twice.", "B rows and B columns are enough.", *LOSS),
    "own-view-as-negative": Mistake("First views are negatives as well, among them the sentence itself, whose cosine is 1.", "Negatives are second views of other sentences.", *LOSS),
    "denominator-of-the-whole-batch": Mistake("The sum below the line runs over all pairs of the batch instead of those of sentence i.", "Look at the dimension of the sum.", *LOSS, seen=1),
    "summed": Mistake("The loss is summed over the batch, so a larger batch learns faster.", "Average over the sentences.", *LOSS),
    "negatives-missing": Mistake("Only the positive pairs count: the best answer is one vector for everything.", "Something has to stand below the line.", *LOSS),
    "softmax-twice": Mistake("A softmax is taken of what is a probability already.", "The cross-entropy wants logits.", *LOSS),
    "cosine-loss": Mistake("The loss is 1 - cos of the positive pairs: nothing pushes other sentences away.", "Something has to stand below the line.", *LOSS),
    "first-view-detached": Mistake("No gradient reaches the first view.", "Look for detach() or no_grad().", *SLOPE),
    "second-view-detached": Mistake("No gradient reaches the second view.", "Look for detach() or no_grad().", *SLOPE),
    "loss-detached": Mistake("The value is right, but no gradient leaves it.", "Look for detach() or item().", *SLOPE),
    "hard-negatives-ignored": Mistake("Hard negatives change nothing.", "They have columns of their own.", *HARD, severity="option"),
    "own-hard-negative-only": Mistake("A sentence meets its own hard negative alone, not those of others.", "Count the columns.", *HARD, severity="option"),
    "hard-weight-ignored": Mistake("The weight of hard negatives changes nothing.", "It is added to logits.", *HARD, severity="option"),
    "hard-weight-for-all": Mistake("The weight is added to all hard negatives instead of a sentence's own.", "Only the diagonal gets it.", *HARD, severity="option"),
    "hard-weight-multiplied": Mistake("The logit of a hard negative is multiplied instead of shifted, so a negative cosine moves the wrong way.", "It is added to logits.", *HARD, severity="option"),
    "duplicates-are-negatives": Mistake("The same sentence, twice in a batch, is pushed away from itself.", "Look at what groups are for.", *GROUPS, severity="option"),
    "others-masked": Mistake("Sentences of other groups are left out, and duplicates stay.", "Look at the comparison.", *GROUPS, severity="option"),
    "duplicates-are-zeros": Mistake("A duplicate's logit is set to 0, as if it were at a right angle, instead of left out.", "What does e to the power of 0 add?", *GROUPS, severity="option"),
    "views-interleaved": Mistake("The doubled batch is a, a, b, b, but it is cut in the middle: row i of the two halves are two sentences.", "Double and cut in the same way.", *VIEWS, severity="train"),
    "views-equal": Mistake("Both views are the same pass, so a positive pair teaches nothing.", "Each view needs its own dropout masks.", *VIEWS, severity="train", seen=1),
    "first-input-only-doubled": Mistake("Masks of the doubled batch belong to other sentences.", "Every input is doubled in the same way.", *VIEWS, severity="train"),
    "two-passes": Mistake("The encoder runs twice over the batch instead of once over the doubled batch; both are right, one is faster.", "Nothing has to change.", *VIEWS, severity="note"),
    "head-kept-at-test": Mistake("The head is used at test time too, although it is for training only.", "Look at both conditions.", *HEAD),
    "head-left-out-in-training": Mistake("The head is left out in training and used at test time.", "Look at both conditions.", *HEAD),
    "head-always-left-out-at-test": Mistake("The head is left out at test time even where it is to be kept.", "Look at both conditions.", *HEAD, severity="option"),
    "head-without-tanh": Mistake("The head has no tanh.", "A map, then tanh.", *HEAD, severity="train"),
    "head-with-relu": Mistake("The head has a ReLU instead of tanh.", "A map, then tanh.", *HEAD, severity="train"),
    "head-without-map": Mistake("The head is a tanh without a map.", "A map, then tanh.", *HEAD, severity="train"),
}  # fmt: skip
