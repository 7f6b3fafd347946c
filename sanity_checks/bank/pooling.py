"""What is said about the mistakes of pooling."""

from __future__ import annotations

from sanity_checks.bank import Mistake

MEAN = "The mean in pooling (masked_mean)."
MAX = "The maximum in pooling (masked_max)."
MEAN_RULE = "Mean = sum_t m_t h_t / sum_t m_t: both sums run over the tokens of one sentence, and m is 1 on real tokens only."
MAX_RULE = "Maximum over t with m_t = 1, number by number: a pad must lose against every real number, also against large negative ones."
UNTOUCHED = "A method whose name ends in _ changes its tensor in place: leave the _ away and use what comes back."
EMPTY = "A row whose mask is all 0 gives zeros, so that one such row does not turn the loss of its whole batch into NaN."

MISTAKES: dict[str, Mistake] = {
    "mean-over-padding": Mistake(
        "The mean runs over padding too: the mask is not used.", "Look at where the mask enters the mean.", MEAN, MEAN_RULE,
        "Take the pads out of the sum, and divide by the number of real tokens.", seen=8),
    "mean-pads-summed": Mistake(
        "The mean is divided by the number of real tokens, but the sum above it still holds the padding.", "Look at what is summed.", MEAN, MEAN_RULE,
        "Set the hidden states of pads to 0 before you sum.", seen=8),
    "mean-divided-by-length": Mistake(
        "The sum leaves padding out, but it is divided by the padded length, so short sentences shrink.", "Look at what the sum is divided by.", MEAN, MEAN_RULE,
        "Divide by the count of real tokens in each sentence, not by T.", seen=8),
    "mean-not-divided": Mistake(
        "What should be a mean is a sum: nothing divides it, so long sentences get long vectors.", "Look at what comes after the sum.", MEAN, MEAN_RULE,
        "Divide the sum by the count of real tokens.", seen=8),
    "mean-divided-by-root": Mistake(
        "The sum is divided by the square root of the number of tokens instead of the number.", "Look at what the sum is divided by.", MEAN, MEAN_RULE,
        "The divisor is the count itself."),
    "mean-mask-inverted": Mistake(
        "The mean is taken over the padding instead of the real tokens.", "Look at what 0 and 1 mean in the mask.", MEAN, MEAN_RULE,
        "A 1 is a real token and stays, a 0 is padding and goes."),
    "mean-mask-of-first-row": Mistake(
        "Every sentence is averaged with the mask of the first sentence in the batch.", "Look at how the mask is indexed.", MEAN, MEAN_RULE,
        "The mask has one row for each sentence: use all of it."),
    "mean-count-of-whole-batch": Mistake(
        "Each sentence is divided by the number of real tokens of the whole batch.", "Look at the dimension over which the mask is summed.", MEAN, MEAN_RULE,
        "Sum the mask over its token dimension only, which leaves one count for each sentence."),
    "mean-count-of-first-row": Mistake(
        "Every sentence is divided by the number of tokens of the first sentence in the batch.", "Look at how the count is made.", MEAN, MEAN_RULE,
        "Each sentence has its own count."),
    "mean-count-without-keepdim": Mistake(
        "The counts have shape (R,) and meet sums of shape (R, C), which do not line up (or line up wrongly when R = C).", "Look at the shape of the counts.", MEAN,
        "Divide (R, C) by (R, 1): one count for all channels of a sentence.", "Keep the summed dimension, or add one at the end."),
    "mean-without-first-token": Mistake(
        "The mean leaves the first token, [CLS], out.", "Look at where the tokens are sliced.", MEAN, "The mask m is 1 on [CLS] and [SEP] too.", "Average every token whose mask is 1."),
    "mean-over-batch": Mistake(
        "The sum runs over the sentences of the batch instead of the tokens of a sentence.", "Look at the dimension of the sum.", MEAN, MEAN_RULE,
        "In hidden, (R, T, C), tokens are dimension 1."),
    "mean-is-maximum": Mistake("Where the mean is asked for, the maximum is computed.", "Look at what each of the two functions computes.", MEAN, MEAN_RULE, "Sum and divide."),
    "mean-detached": Mistake(
        "No gradient passes through the mean, so the encoder learns nothing.", "Look for detach(), no_grad(), .data or a round trip through numpy or lists.", MEAN,
        "The slope of the mean along h_t is m_t / sum m.", "Stay in torch, with gradients on, from hidden states to result."),
    "mean-row-without-tokens": Mistake(
        "For a sentence without any real token the mean divides by 0 and gives NaN.", "Look at the count when the mask of a row is all 0.", MEAN, EMPTY,
        "Keep the divisor from going below a small positive number."),
    "mean-fills-its-input": Mistake(
        "The mean writes into the hidden states that it was given.", "Look for a change in place.", MEAN, UNTOUCHED, "Work on a new tensor.",
        fact="the mean: the hidden states and the mask stay as they were"),
    "mean-pads-multiplied": Mistake(
        "Pads are multiplied by 0 instead of being replaced: also right, as long as no pad holds infinity.", "Nothing to do.", MEAN, "In floating point 0 * inf = NaN.", "Filling is safer.", "note"),
    "mean-by-lengths": Mistake(
        "The mean takes the first n tokens: also right, as long as padding comes last.", "Nothing to do.", MEAN, MEAN_RULE, "The mask says which tokens, not only how many.", "note"),
    "max-over-padding": Mistake(
        "The maximum runs over padding too: the mask is not used.", "Look at where the mask enters the maximum.", MAX, MAX_RULE,
        "Give pads a value that cannot win, then take the maximum over the tokens.", seen=8),
    "max-pads-zero": Mistake(
        "Pads count as 0 in the maximum, and 0 beats every negative number.", "Look at what pads are replaced with.", MAX, MAX_RULE,
        "Fill pads with minus infinity, or with something as low.", seen=8),
    "max-mask-inverted": Mistake(
        "The maximum is taken over the padding instead of the real tokens.", "Look at what 0 and 1 mean in the mask.", MAX, MAX_RULE, "A 1 is a real token and stays, a 0 is padding and goes."),
    "max-mask-of-first-row": Mistake(
        "Every sentence uses the mask of the first sentence in the batch.", "Look at how the mask is indexed.", MAX, MAX_RULE, "The mask has one row for each sentence."),
    "max-places-instead-of-values": Mistake(
        "The places of the maxima come back instead of their values.", "Look at what max or argmax gives you.", MAX, MAX_RULE, "You want the numbers, not where they are."),
    "max-tuple": Mistake(
        "The max(dim=...) of torch gives values and indices together, and both are returned.", "Look at what is returned.", MAX, MAX_RULE, "Take the values, or use amax."),
    "max-over-channels": Mistake(
        "The maximum runs over the channels of a token instead of the tokens of a sentence.", "Look at the dimension of the maximum.", MAX, MAX_RULE,
        "In hidden, (R, T, C), tokens are dimension 1."),
    "max-over-batch": Mistake(
        "The maximum runs over the sentences of the batch.", "Look at the dimension of the maximum.", MAX, MAX_RULE, "In hidden, (R, T, C), tokens are dimension 1."),
    "max-is-smallest": Mistake("The smallest number comes back instead of the largest.", "Look at min and max.", MAX, MAX_RULE, "Take the largest."),
    "max-is-mean": Mistake("Where the maximum is asked for, the mean is computed.", "Look at what each of the two functions computes.", MAX, MAX_RULE, "Take the largest."),
    "max-without-first-token": Mistake(
        "The maximum leaves the first token, [CLS], out.", "Look at where the tokens are sliced.", MAX, "The mask m is 1 on [CLS] and [SEP] too.", "Use every token whose mask is 1."),
    "max-of-sizes": Mistake("The maximum is taken of absolute values, so signs are lost.", "Look for abs().", MAX, MAX_RULE, "Compare the numbers as they are."),
    "max-detached": Mistake(
        "No gradient passes through the maximum, so the encoder learns nothing.", "Look for detach(), no_grad(), .data or a round trip through numpy or lists.", MAX,
        "The gradient goes to the token that won.", "Stay in torch, with gradients on, from hidden states to result."),
    "max-row-without-tokens": Mistake(
        "For a sentence without any real token the maximum is minus infinity.", "Look at a row whose mask is all 0.", MAX, EMPTY, "Replace the result of such rows by 0."),
    "max-fill-too-weak": Mistake(
        "Pads are made a little smaller, not impossible: a large number in the padding can still win.", "Look at what pads are replaced with.", MAX, MAX_RULE,
        "Fill pads with minus infinity, or with something as low."),
    "max-fills-its-input": Mistake(
        "The maximum writes into the hidden states that it was given.", "Look for a change in place.", MAX, UNTOUCHED, "Work on a new tensor.",
        fact="the maximum: the hidden states and the mask stay as they were"),
    "max-pads-subtracted": Mistake(
        "A large number is subtracted from pads instead of replacing them: also right, as long as no pad holds infinity.", "Nothing to do.", MAX, "In floating point inf - 1e9 = inf.",
        "Filling is safer.", "note"),
    "max-by-lengths": Mistake(
        "The maximum takes the first n tokens: also right, as long as padding comes last.", "Nothing to do.", MAX, MAX_RULE, "The mask says which tokens, not only how many.", "note"),
}
