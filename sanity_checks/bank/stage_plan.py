"""What is said about the mistakes of a plan of stages, and of the best weights."""

from __future__ import annotations

from sanity_checks.bank import Mistake

SCORES, ENDS, LOG, KEPT = ("In stage_plan (StageController.observe).", "In stage_plan (StageController.observe, steps_left).",
                           "In stage_plan (StageController, its state).", "In best_weights (BestWeights).")  # fmt: skip


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


RISE, MARK = "What counts as a rise?", "From which score is a rise measured?"
_SCORES = _of(SCORES, "New best: above the best score so far. Rise: above the mark by more than min_delta; only a rise moves the mark. Both are the stage's own.", {
    "rise-of-exactly-min-delta-counts": ("A score that rises by exactly min_delta counts as a rise, and with min_delta 0 an equal one does.", RISE, "More than min_delta."),
    "min-delta-ignored": ("Every rise counts, however small.", RISE, "More than min_delta."),
    "min-delta-subtracted": ("min_delta is subtracted, so a small fall counts as a rise.", RISE, "More than min_delta above."),
    "small-rises-count-as-none": ("The mark follows every small rise, so many of them never add up to one that counts.", MARK, "From the last that counted."),
    "plateau-from-the-score-before": ("Each score is compared with the one before, so a fall makes the next rise easy.", MARK, "From the last that counted."),
    "lower-is-better": ("Lower scores are taken for better ones.", "Which way is up?", "The higher the better."),
    "equal-score-is-a-new-best": ("A score that equals the best is a new best.", "What is a new best?", "Strictly above."),
    "best-needs-min-delta": ("A new best has to rise by min_delta, so better weights are thrown away.", "What is a new best?", "Anything above the best."),
    "best-compared-with-the-score-before": ("A score above the one before is taken for the best.", "What is a new best?", "Above all before."),
    "best-carried-over": ("A stage has to beat the best score of the stage before.", "What does a new stage know?", "Nothing of other stages' scores."),
})  # fmt: skip
WAIT, SPENT, LEAVES = "When is patience at its end?", "What does the budget count?", "Which weights does a stage leave behind?"
_ENDS = _of(ENDS, "A stage ends after `patience` scores in a row without a rise, or when its steps are spent; then its best weights are put back, if the last are not the best.", {
    "patience-one-too-long": ("A stage waits one score longer than its patience.", WAIT, "At that many scores."),
    "patience-one-too-short": ("A stage ends one score before its patience does.", WAIT, "At that many scores."),
    "patience-never-renewed": ("Scores without a rise add up although there were rises between.", WAIT, "A rise starts the count anew."),
    "patience-ignored": ("Only the budget ends a stage.", WAIT, "At that many scores."),
    "patience-in-steps": ("Patience counts steps, not scores.", WAIT, "At that many scores."),
    "budget-ignored": ("A stage goes on after its steps are spent.", SPENT, "It ends when none is left."),
    "budget-in-scores": ("The budget counts scores, not steps.", SPENT, "Steps."),
    "budget-one-step-short": ("A stage ends one evaluation before its steps are spent.", SPENT, "It ends when none is left."),
    "budget-not-renewed": ("Steps of the stage before count against the next.", SPENT, "Each stage starts at 0."),
    "restored-from-the-last": ("A stage leaves its last weights behind, not its best.", LEAVES, "The best."),
    "restore-ignored": ("The best weights are put back even where the last were asked for.", LEAVES, "As the stage says."),
    "restored-on-a-plateau-alone": ("A stage whose budget ends leaves its last weights behind.", LEAVES, "However it ends."),
    "restored-after-every-fall": ("The best weights are put back in the middle of a stage.", "When are weights put back?", "At its end."),
    "last-stage-advances": ("The last stage advances to one that there is not.", "What follows the last stage?", "The plan is finished."),
    "decision-named-after-the-next-stage": ("A decision has the name of the stage that begins.", "Which stage was judged?", "The one that was trained."),
})  # fmt: skip
WHOLE, ASKED = "What does a resumed plan know?", "What is asked before a score is taken?"
_LOG = _of(LOG, "The log is the whole state: the plan replays it, so a resumed plan decides as one that went on. What is refused is not logged.", {
    "log-without-the-last": ("The last score is missing from the state.", WHOLE, "All of the log."),
    "log-not-replayed": ("A resumed plan begins anew.", WHOLE, "What follows from the log."),
    "log-alone-restored": ("A resumed plan has its log and none of what followed from it.", WHOLE, "What follows from the log."),
    "another-plan-accepted": ("The log of another plan is taken for its own.", "Whose log is it?", "Compare the stages first.", "option"),
    "refused-scores-remembered": ("A score that is refused stays in the log, and breaks the plan when it is resumed.", "What comes first?", "Refuse, then remember.", "option"),
    "scores-that-are-no-numbers-accepted": ("A score that is no number is taken, and nothing rises above it.", ASKED, "Whether it is finite.", "option"),
})  # fmt: skip
COPY = "What is kept: a copy?"
_KEPT = _of(KEPT, "Keep a copy of every tensor, buffers too, when the score is the best; then, if it is asked for, write the copy over the model's tensors.", {
    "live-weights-kept": ("What is kept are the model's own tensors, so the best moves on with training.", COPY, "Numbers of their own."),
    "buffers-forgotten": ("Buffers are not kept, so a threshold or a count stays that of the last score.", "Which tensors has a model?", "All of its state."),
    "every-score-kept": ("Weights are kept after every score, so the best are the last.", "When are weights kept?", "When they are the best."),
    "first-score-kept-alone": ("Only the first weights are kept.", "When are weights kept?", "When they are the best."),
    "never-put-back": ("The best weights are never put back.", "What does a decision ask for?", "It says when."),
    "put-back-before-keeping": ("Old weights are put back before the best are kept.", "What comes first?", "Keep, then put back."),
    "put-back-all-the-time": ("Weights are put back after every score that is not the best.", "What does a decision ask for?", "It says when."),
    "kept-weights-not-saved": ("The kept weights are missing from a checkpoint.", "What does a resumed stage have?", "The copy."),
    "kept-weights-not-loaded": ("The kept weights of a checkpoint are not taken over.", "What does a resumed stage have?", "The copy."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _SCORES | _ENDS | _LOG | _KEPT
