"""What is said about the mistakes of ensembles."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
JOIN = ("In ensemble, joined and what it calls.", "Answers belong to ids: row n of every model is the example of id n.", "For each id of the first model, the place of the same id in the other; nothing may be left over.")
MEAN = ("In ensemble, mean_of.", "(p_1 + ... + p_n) / n, unweighted and unrounded.", "Add all, then divide by how many there are.")
SPACE = ("In ensemble, the functions behind SPACES.", "Averaged are probabilities (a softmax over the classes), logits as they are, or votes (1 for the class answered).", "One row for each example, one column for each class.")
GREEDY = ("In ensemble, greedy.", "Best first; take a model when the score of the mean of all taken and this one is no lower than the best so far.",
          "Sort by score, highest first; score the mean of taken and new; compare with the last score that counted; keep both.")
SCALE = ("In ensemble_scale.", "z_i = (s_i - m_i) / d_i with mean and deviation on dev; the mean of z, times the mean deviation, plus the mean of means.", "Each model its own scale, which comes from dev, and one common way back.")

WHO = "Follow one candidate through the loop."
MISTAKES: dict[str, Mistake] = {
    "joined-by-place": Mistake("Answers are joined by their place in the file instead of their id.", "Files may be written in any order.", *JOIN),
    "joined-backwards": Mistake("The order of ids is applied the wrong way round.", "Whose place does the index say?", *JOIN),
    "missing-examples-accepted": Mistake("A model that lacks an example is accepted, with another's answer in its place.", "Every id must be found.", *JOIN),
    "extra-examples-accepted": Mistake("A model that answers other examples too is accepted.", "No id may be left over.", *JOIN),
    "summed": Mistake("Answers are summed instead of averaged.", "Divide by the models.", *MEAN),
    "median": Mistake("The median is taken instead of the mean.", "Add and divide.", *MEAN),
    "largest": Mistake("The largest answer is taken instead of the mean.", "Add and divide.", *MEAN),
    "geometric-mean": Mistake("Logarithms are averaged instead of the answers.", "Add and divide.", *MEAN),
    "mean-of-pairs": Mistake("Each new model is averaged with the mean so far, so the last one weighs a half.", "All models weigh the same.", *MEAN),
    "rounded-before-the-mean": Mistake("Answers are rounded before they are averaged.", "Decide only after the mean.", *MEAN),
    "mean-over-examples": Mistake("The mean runs over the examples instead of the models.", "Look at the dimension.", *MEAN),
    "logits-for-probabilities": Mistake("Logits are averaged where probabilities are asked for: models with large logits outvote the rest.", "Something has to come before the mean.", *SPACE),
    "softmax-over-examples": Mistake("The softmax runs over the examples instead of the classes.", "Look at the dimension.", *SPACE),
    "labels-for-probabilities": Mistake("Answers are averaged as labels where probabilities are asked for.", "Decide only after the mean.", *SPACE),
    "class-numbers-for-votes": Mistake("Class numbers are averaged: classes 0 and 4 make a 2 that nobody chose.", "A vote is for one class.", *SPACE, severity="option"),
    "order-given": Mistake("Candidates come in the order in which they were given.", WHO, *GREEDY),
    "worst-first": Mistake("Candidates come worst first.", WHO, *GREEDY),
    "equal-scores-refused": Mistake("A model that changes nothing is refused; improve or do not change, says the report.", "Look at the comparison.", *GREEDY),
    "everyone-taken": Mistake("Every candidate is taken.", "Look at the comparison.", *GREEDY),
    "compared-with-itself-alone": Mistake("The score together is compared with the candidate's own instead of the best so far.", "Look at the comparison.", *GREEDY),
    "only-the-best": Mistake("Only the best model is taken.", "Look at the comparison.", *GREEDY),
    "worse-ones-taken": Mistake("Models are taken when they do harm.", "Look at the comparison.", *GREEDY),
    "best-score-forgotten": Mistake("Every score is compared with that of the best model alone, so the score may fall on the way.", "What is remembered?", *GREEDY),
    "members-not-kept": Mistake("A new model takes the place of those taken before it.", "What is remembered?", *GREEDY),
    "refused-ones-kept": Mistake("Refused models stay in the mean.", "What is remembered?", *GREEDY),
    "scored-alone": Mistake("Candidates are scored alone instead of together with those taken.", "What is scored?", *GREEDY),
    "stops-at-the-first-that-harms": Mistake("The first refused model ends the choice; later ones may still help.", "Look for a break.", *GREEDY),
    "mean-not-removed": Mistake("A model's mean is not subtracted before it is divided by its deviation.", "Put one model in.", *SCALE, severity="option"),
    "deviation-not-removed": Mistake("Scores are shifted but not divided by their deviation.", "Put one model in.", *SCALE, severity="option"),
    "divided-by-the-variance": Mistake("Scores are divided by the variance instead of the deviation.", "Put one model in.", *SCALE, severity="option"),
    "scale-of-the-test": Mistake("Scores on test are standardised by their own mean and deviation instead of those on dev.", "A test set is not looked at as a whole.", *SCALE, severity="option"),
    "scale-of-the-first": Mistake("All models are standardised by the first one's scale.", "Each has its own.", *SCALE, severity="option"),
    "left-standardised": Mistake("The mean is left standardised instead of brought back to the labels' scale.", "Look at the way back.", *SCALE, severity="option"),
    "deviation-of-a-sample": Mistake("The deviation divides by N - 1.", "Divide by N.", *SCALE, severity="option"),
    "alike-scores-divide-by-zero": Mistake("A model whose scores are all alike gives NaN.", "Guard the division.", *SCALE, severity="option"),
    "one-model-rescaled": Mistake("One model alone is rescaled.", "Alone it is itself.", *SCALE, severity="option"),
}  # fmt: skip
