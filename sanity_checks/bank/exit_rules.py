"""What is said about the mistakes of exit rules."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
LOGS = ("In exit_rules, log_probabilities.", "log p_c = z_c - log sum exp z over the classes of one example; of one score z, log(1 - p) and log p with p = sigmoid(z).",
        "One finite row for each example; the functions of torch that give the logarithm at once need no shift of yours.")
ENTROPY = ("In exit_rules, entropy.", "-sum over c of p_c log p_c, in nats; a term whose p is 0 is 0.", "Take log p as it is known already, not the logarithm of a rounded p; then one product and one sum.")
SURE = ("In exit_rules, confidence.", "The largest p_c of an example; of one score that is p or 1 - p, whichever is larger.", "One number for each example, from 1 / k to 1.")
AGREE = ("In exit_rules, agreeing.", "1 for the newest exit, and 1 for each before it as long as neighbours say the same; a regression says the same when |g_i - g_(i-1)| < tolerance.",
         "Walk from the newest pair to the oldest, and let the first difference end the count of that example.")
LEAVE = ("In exit_rules, LEAVES and ExitRule.", "Confidence > tau; entropy < S; certainty > tau; exits in agreement >= q.", "One strict comparison for each example, of what the newest exit says.")
NUMBERS = ("In exit_rules, exit_rule.", "tau from 0 to 1, S from 0 on, q a whole number from 1 on, a tolerance above 0; a regression has no probabilities.", "Whoever asks for something that means nothing should hear of it.")

ZERO = "Put in a score that is 1000 above the others."
BATCH = "Put in one example alone, then in a batch."
EDGE = "Put in a threshold that is met exactly."
WALK = "Put in exits that disagree once, in the middle."
MISTAKES: dict[str, Mistake] = {
    "zero-times-log-of-zero": Mistake("A probability of 0 is multiplied by its logarithm: the entropy of the surest examples is no number, so they never leave.", ZERO, *ENTROPY),
    "exponentials-overflow": Mistake("Scores are raised to powers of e as they are, which overflows for large ones.", "Put in scores near 1000.", *ENTROPY),
    "sign-of-the-entropy": Mistake("The entropy has the wrong sign.", "What is the entropy of a guess?", *ENTROPY),
    "entropy-in-bits": Mistake("The entropy is in bits instead of nats.", "What is the entropy of a guess among four?", *ENTROPY),
    "entropy-averaged": Mistake("The entropy is averaged over the classes instead of summed.", "What is the entropy of a guess among four?", *ENTROPY),
    "entropy-over-the-most": Mistake("The entropy is divided by that of a guess.", "What is the entropy of a guess among four?", *ENTROPY),
    "entropy-of-the-likeliest": Mistake("Only the likeliest class counts: this is -log of the confidence.", "How many terms has the sum?", *ENTROPY),
    "logarithms-without-probabilities": Mistake("Logarithms are summed without their probabilities.", "What is each term multiplied by?", *ENTROPY),
    "half-of-a-binary-entropy": Mistake("Of one score, only the answer yes counts in the entropy.", "One score stands for two answers.", *ENTROPY),
    "entropy-of-the-batch": Mistake("The entropy is averaged over the batch, so examples leave by what others know.", BATCH, *ENTROPY),
    "probability-of-yes": Mistake("Of one score, the probability of yes is taken for the confidence: a certain no counts as unsure.", "Put in a score far below 0.", *SURE),
    "largest-score": Mistake("The largest score is taken for a probability.", "A confidence is never above 1.", *SURE),
    "least-likely": Mistake("The confidence is that of the least likely answer.", "Look at the reduction.", *SURE),
    "margin-for-confidence": Mistake("The lead over the second answer is taken for the confidence.", "What is the confidence of a guess?", *SURE),
    "logarithm-of-the-confidence": Mistake("The confidence is a logarithm still.", "A confidence is never below 0.", *SURE),
    "confidence-of-the-batch": Mistake("The confidence is averaged over the batch, so examples leave by what others know.", BATCH, *SURE),
    "softmax-over-the-batch": Mistake("The softmax runs over the batch instead of the classes.", BATCH, *LOGS),
    "softmax-not-shifted": Mistake("The softmax is written out without a shift, which overflows for large scores.", "Put in scores near 1000.", *LOGS),
    "softmax-of-one-score": Mistake("Single scores go through a softmax, as if the batch were their classes.", BATCH, *LOGS),
    "sigmoid-of-classes": Mistake("Each class goes through a sigmoid, so probabilities do not sum to 1.", "What is the confidence of a guess among four?", *LOGS),
    "half-precision-kept": Mistake("Scores in half precision are not widened, so probabilities near 1 are coarse.", "Put in float16.", *LOGS, severity="option"),
    "agreements-counted": Mistake("Agreements are counted instead of exits in agreement, one less: every threshold asks for one exit more.", "How many is one exit alone?", *AGREE),
    "breaks-forgotten": Mistake("All agreements count, also those before an exit that said something else.", WALK, *AGREE),
    "count-from-the-bottom": Mistake("The count starts at the lowest exit instead of the newest.", WALK, *AGREE),
    "all-against-the-newest": Mistake("Each exit is compared with the newest instead of with its neighbour, so a slow drift never agrees.", "Put in a regression that moves a little each time.", *AGREE),
    "all-against-the-first": Mistake("Each exit is compared with the lowest instead of with its neighbour.", WALK, *AGREE),
    "tolerance-included": Mistake("A regression that moved by exactly the tolerance agrees.", EDGE, *AGREE),
    "downwards-always-agrees": Mistake("The sign of a move is kept: whatever falls agrees.", "Put in a regression that falls.", *AGREE),
    "regression-must-be-equal": Mistake("A regression has to give the same number again, which it never does.", "Where does the tolerance come in?", *AGREE),
    "tolerance-ignored": Mistake("The tolerance is always 0.5, whatever is asked for.", "Put in a smaller one.", *AGREE, severity="option"),
    "confidence-not-strict": Mistake("A confidence that only reaches the threshold leaves: a threshold of 1 no longer means never.", EDGE, *LEAVE),
    "confidence-reversed": Mistake("The unsure leave and the confident stay.", "Look at the comparison.", *LEAVE),
    "entropy-not-strict": Mistake("An entropy that only reaches the threshold leaves: a threshold of 0 no longer means never.", EDGE, *LEAVE),
    "entropy-reversed": Mistake("A high entropy leaves, which is a guess.", "Look at the comparison.", *LEAVE),
    "learned-not-strict": Mistake("A learned certainty that only reaches the threshold leaves.", EDGE, *LEAVE),
    "learned-reversed": Mistake("A learned certainty leaves when it is low, as if it were the uncertainty that the paper's code keeps.", "Look at the comparison.", *LEAVE),
    "patience-an-exit-more": Mistake("Patience asks for one exit more than it says.", EDGE, *LEAVE),
    "patience-an-exit-less": Mistake("Patience asks for one exit less than it says.", EDGE, *LEAVE),
    "patience-exactly": Mistake("Only exactly as many exits leave: who has more in agreement stays.", "Put in more exits in agreement than are asked for.", *LEAVE),
    "patience-with-its-own-tolerance": Mistake("The rule does not hand its tolerance on.", "Put in a larger one.", *LEAVE, severity="option"),
    "first-exit-asked": Mistake("The rule reads the first exit instead of the newest.", "Which entry of the history is the newest?", *LEAVE),
    "exits-averaged": Mistake("The rule reads the mean of all exits so far.", "Which entry of the history is the newest?", *LEAVE),
    "all-wait-for-the-last": Mistake("Nobody leaves before the whole batch would.", BATCH, *LEAVE),
    "all-leave-with-the-first": Mistake("The whole batch leaves as soon as one example would.", BATCH, *LEAVE),
    "stays-and-leaves-exchanged": Mistake("The rule says who stays instead of who leaves.", "What does True mean?", *LEAVE),
    "negative-entropy-accepted": Mistake("An entropy below 0 is accepted, with which nobody ever leaves: a published default of -1 did that without a word.", "Put in -1.", *NUMBERS, severity="option"),
    "percent-accepted": Mistake("A confidence outside of 0 to 1 is accepted: 95 lets nobody leave.", "Put in 95.", *NUMBERS, severity="option"),
    "any-patience-accepted": Mistake("A patience of 0, or of one and a half exits, is accepted.", "Put in 0 and 1.5.", *NUMBERS, severity="option"),
    "any-threshold-accepted": Mistake("Every threshold is accepted, whatever the rule.", "Put in numbers that mean nothing.", *NUMBERS, severity="option"),
    "regression-with-a-confidence": Mistake("A regression may use the confidence or the entropy, though its score is no probability.", "Which rules can a regression use?", *NUMBERS, severity="option"),
    "tolerance-of-0-accepted": Mistake("A tolerance of 0 is accepted, below which nothing moves.", "Put in 0.", *NUMBERS, severity="option"),
}  # fmt: skip
