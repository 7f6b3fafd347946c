"""What is said about the mistakes of the threshold of a cosine."""

from __future__ import annotations

from sanity_checks.bank import Mistake

SIDE, GAPS, HEAD, EPOCH, TOLD = ("In cosine_threshold (answers).", "In cosine_threshold (best_threshold, Threshold).", "In cosine_threshold (ThresholdHead).",
                                 "In score_epoch (with_threshold).", "In cosine_threshold (constant_warning).")  # fmt: skip


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


_SIDE = _of(SIDE, "answer = 1 if score > threshold else 0.", {
    "threshold-itself-is-a-yes": ("A score exactly at the threshold is answered by 1.", "Look at the comparison.", "Only what is larger is a 1."),
    "answers-inverted": ("Scores below the threshold are answered by 1.", "Look at the comparison.", "Only what is larger is a 1."),
    "answers-of-zero": ("Scores are compared with 0, whatever the threshold.", "Look at the comparison.", "Both sides of it count."),
})  # fmt: skip
CANDIDATES, CHOICE = "Which thresholds are tried?", "Which of several best gaps is taken?"
_GAPS = _of(GAPS, "right(t) = zeros at or below t + ones above t, largest; among equals: both answers, the widest gap, the lowest; t is its middle.", {
    "labels-inverted": ("The threshold is chosen as if 1 stood for the lower scores.", "Look at what counts as right.", "Ones above, zeros below."),
    "scan-from-0-to-1-alone": ("Thresholds below 0 are never tried, although a cosine goes down to -1.", CANDIDATES, "Every gap between two scores."),
    "scan-in-steps-of-a-tenth": ("Thresholds are tried in steps, too coarse for cosines that lie close together.", CANDIDATES, "Every gap between two scores."),
    "equal-scores-come-apart": ("Equal scores are counted as if a threshold could part them, so the accuracy promised is out of reach.", "What about equal scores?", "They move together."),
    "lowest-score-of-the-gap": ("The threshold is the score below the gap, and forgives a new score nothing.", "Where in the gap?", "In its middle."),
    "highest-score-of-the-gap": ("The threshold is the score above the gap, which is then answered by 0.", "Where in the gap?", "In its middle."),
    "widest-gap-ignored": ("Of several best gaps the lowest is taken, however narrow.", CHOICE, "The widest."),
    "narrowest-gap-first": ("Of several best gaps the narrowest is taken.", CHOICE, "The widest."),
    "highest-gap-first": ("Of equally wide gaps the highest is taken.", CHOICE, "The lowest."),
    "constant-answers-first": ("One answer for all is preferred to a threshold that is as good and tells something apart.", CHOICE, "One with both answers comes first."),
    "constant-answers-left-out": ("One answer for all is never chosen, even where it is the best.", CANDIDATES, "Also below and above all scores."),
    "accuracy-is-a-count": ("The accuracy is a count, not a share.", "Look at the unit.", "Divide by the examples."),
    "majority-is-the-share-of-ones": ("The majority is the share of ones, also where zeros are more.", "Which label is the commoner?", "The larger of two shares."),
    "majority-is-the-accuracy": ("The majority is the accuracy of the threshold, so it seems to gain nothing.", "Which label is the commoner?", "The larger of two shares."),
    "constant-from-below-not-told": ("Answers that are all 1 are not told as constant.", "Which ends are infinite?", "Either of them."),
    "constant-never-told": ("Constant answers are never told.", "Which ends are infinite?", "Either of them."),
    "scores-and-labels-not-checked": ("Labels of other kinds and scores that are no numbers are taken.", "What if a label is 2?", "Refuse it.", "option"),
})  # fmt: skip
TRAIN, TUNE = "Is the threshold there in training?", "What has the head given so far?"
_HEAD = _of(HEAD, "Training: the cosine. Evaluation: cosine - threshold. The threshold is saved, and no gradient moves it.", {
    "threshold-in-training-too": ("The loss sees the cosine less the threshold, so choosing one moves training.", TRAIN, "No.", "train"),
    "threshold-ignored-by-the-head": ("The head never subtracts its threshold.", "What does the head give in evaluation?", "The distance to the threshold."),
    "threshold-in-training-alone": ("The threshold is subtracted in training and not in evaluation.", TRAIN, "No."),
    "threshold-added": ("The threshold is added, not subtracted.", "Look at the sign.", "Above it is above 0."),
    "threshold-not-saved": ("The threshold does not travel with the weights, so a loaded model has none.", "What is in the state?", "The threshold too."),
    "threshold-learns": ("The threshold is a parameter, which optimizers move and decay.", "What kind of tensor is it?", "One that is only saved."),
    "threshold-on-the-threshold": ("A second tuning takes scores over the old threshold for cosines.", TUNE, "Undo the old one first."),
    "threshold-not-applied-at-once": ("Tuning returns the scores over the old threshold.", TUNE, "Over the new one."),
    "threshold-of-minus-infinity": ("A threshold may be minus infinity, and what is subtracted from is a number no more.", "What if every label is 1?", "A number below every cosine."),
    "threshold-of-the-mean": ("The threshold is the mean of the scores, whatever the labels.", "Who chooses?", "Labels do."),
})  # fmt: skip
LABELS = "Whose labels?"
_EPOCH = _of(EPOCH, "After an epoch: tune on the scores and labels of dev, then decide dev by the new threshold; test only uses it.", {
    "tuned-on-training-rows": ("The threshold is chosen by labels of training rows.", LABELS, "Those that belong to the scores: dev."),
    "tuned-on-test-rows": ("The threshold is chosen by labels of test rows.", LABELS, "Those that belong to the scores: dev."),
    "never-tuned": ("The threshold is never chosen, so it stays 0.", "Is tuning called?", "After every evaluation on dev."),
    "tuned-and-not-used": ("The threshold is chosen, and dev is decided by the old one.", "Which scores are decided?", "Those that tuning returns."),
})  # fmt: skip
WHEN = "When is there a warning?"
_TOLD = _of(TOLD, "A sentence when all predictions are the same number, whichever it is; with labels also the share of that number.", {
    "constant-of-0-alone-told": ("Only predictions that are all 0 are told.", WHEN, "Whichever number it is."),
    "constant-predictions-not-told": ("Constant predictions are not told, so a score of the commoner label passes for learning.", WHEN, "When no prediction differs."),
    "mixed-predictions-told-as-constant": ("Predictions that differ are told as constant.", WHEN, "When no prediction differs."),
    "neighbours-taken-for-all": ("Only the first and the last prediction are compared.", WHEN, "When no prediction differs."),
    "share-of-the-other-label": ("The share of the other label is told.", "Which share is it?", "Of labels equal to the prediction."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _SIDE | _GAPS | _HEAD | _EPOCH | _TOLD
