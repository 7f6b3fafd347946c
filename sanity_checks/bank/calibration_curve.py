"""What is said about the mistakes of exit curves and of choosing a threshold; a part of bank/calibration.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
LEFT = ("In exit_curve, left_at.", "An example leaves after the first layer whose exit, knowing itself and those below, lets it go; else after layer L.",
        "Exit k sees k answers; the earliest that says yes has the last word.")
TAKEN = ("In exit_curve, logits_at and fractions.", "The answer of an example is that of the exit it took; the shares of examples over layers 1 to L sum to 1.", "Layers count from 1, places in a list from 0.")
SAVED = ("In exit_curve, Point.saving.", "1 - mean layer / L.", "Nothing is saved when all climb to the top, and one layer has to be computed in any case.")
POINT = ("In exit_curve, exit_curve and _point.", "A point has the score of the answers taken, and the mean of the layers, from 1.", "The rule may read calibrated scores; the score never does.")
CHOICE = ("In exit_curve, choose_threshold.", "Of the points with score >= full score - what may be lost, the one of fewest layers; among equals the better score.",
          "A loss is a difference of scores, as a share; when no point keeps it, say so.")

FOLLOW = "Follow one example from exit to exit."
TOP = "Let all climb to the top, then let all leave at once."
LIST = "Write down which points are good enough, then their layers."
CURVES: dict[str, Mistake] = {
    "latest-exit-taken": Mistake("The latest exit that lets an example go is taken instead of the earliest.", FOLLOW, *LEFT),
    "first-exit-never-asked": Mistake("The first exit is never asked.", TOP, *LEFT),
    "all-exits-seen": Mistake("Every exit decides by what the last one says.", FOLLOW, *LEFT),
    "exit-above-seen": Mistake("Every exit decides by what the one above says.", FOLLOW, *LEFT),
    "exit-below-seen": Mistake("Every exit decides by what the one below says.", FOLLOW, *LEFT),
    "one-exit-seen": Mistake("Exits do not see those below, so patience finds none that agree.", "Put in patience.", *LEFT),
    "certainty-of-the-first-exit": Mistake("The first exit's certainty decides at every exit.", "Put in learned certainties.", *LEFT),
    "certainty-of-the-exit-above": Mistake("The certainty of the exit above decides.", "Put in learned certainties.", *LEFT),
    "layers-from-0": Mistake("Exits count from 0, so whoever leaves does so a layer early.", TOP, *LEFT),
    "those-who-stay-marked": Mistake("Those who stay are taken for those who leave.", TOP, *LEFT),
    "answers-of-the-exit-above": Mistake("The answer is that of the exit above the one taken.", "Put in layers of your own.", *TAKEN),
    "answers-of-the-last-exit": Mistake("The answer is always that of the last exit.", "Put in layers of your own.", *TAKEN),
    "counts-for-shares": Mistake("Examples are counted instead of their share.", "What do they sum to?", *TAKEN),
    "shares-summed-up": Mistake("Shares are those of all who have left so far.", "What do they sum to?", *TAKEN),
    "shares-of-who-stays": Mistake("Shares are those of who does not leave.", "What do they sum to?", *TAKEN),
    "cost-for-saving": Mistake("What is left to compute is called saved.", TOP, *SAVED),
    "first-layer-free": Mistake("The first layer is not counted as computed: something is saved when all climb to the top.", TOP, *SAVED),
    "first-layer-uncounted": Mistake("The first layer is left out of the share: all is saved when all leave after it.", TOP, *SAVED),
    "one-layer-too-many": Mistake("The share is of one layer more than there are.", TOP, *SAVED),
    "times-faster-for-saving": Mistake("How many times fewer layers is given for the share that is saved.", TOP, *SAVED),
    "mean-layer-from-0": Mistake("The mean layer counts from 0.", TOP, *POINT),
    "median-layer": Mistake("The median layer is given for the mean.", "Put in two that leave at different layers.", *POINT),
    "score-of-the-full-model": Mistake("The score is that of the last exit, whatever the threshold.", TOP, *POINT),
    "score-of-the-first-exit": Mistake("The score is that of the first exit, whatever the threshold.", TOP, *POINT),
    "rule-reads-plain-scores": Mistake("The rule reads plain scores although calibrated ones are given.", "Give other scores to the rule.", *POINT, severity="option"),
    "loss-ignored": Mistake("Nothing may be lost, whatever is allowed.", LIST, *CHOICE),
    "any-loss-allowed": Mistake("The fewest layers are chosen, whatever they lose.", LIST, *CHOICE),
    "loss-twice-as-large": Mistake("The threshold loses up to twice what is allowed.", LIST, *CHOICE),
    "loss-in-per-cent": Mistake("The loss is taken for per cent.", LIST, *CHOICE),
    "loss-as-a-factor": Mistake("The loss is taken for a share of the full score instead of a difference.", LIST, *CHOICE),
    "loss-not-reached": Mistake("A loss of exactly what is allowed is refused.", LIST, *CHOICE),
    "loss-below-the-best-point": Mistake("The loss counts from the best point instead of from the full model.", LIST, *CHOICE),
    "best-score-chosen": Mistake("The best score is chosen instead of the fewest layers.", LIST, *CHOICE),
    "most-layers-chosen": Mistake("The most layers are chosen.", LIST, *CHOICE),
    "lowest-threshold-chosen": Mistake("The lowest threshold is chosen instead of the fewest layers.", LIST, *CHOICE),
    "first-good-one-chosen": Mistake("The first good threshold of the list is chosen.", LIST, *CHOICE),
    "last-good-one-chosen": Mistake("The last good threshold of the list is chosen.", LIST, *CHOICE),
    "worse-of-equals-chosen": Mistake("Of equally many layers the worse score is chosen.", LIST, *CHOICE),
    "nearest-without-a-word": Mistake("When no threshold keeps the loss, the best one is returned as if it did.", "Allow less than any point keeps.", *CHOICE),
    "loss-below-0-accepted": Mistake("A loss below 0 is accepted.", "Put in -0.1.", *CHOICE, severity="option"),
}  # fmt: skip
