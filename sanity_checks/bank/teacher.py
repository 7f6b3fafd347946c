"""What is said about the mistakes of the Bregman teacher and of R-Drop."""

from __future__ import annotations

from sanity_checks.bank import Mistake

MADE, PULL, FOLLOWS, SAVED = (f"In teacher (Teacher.{name})." for name in ("__init__", "pull", "after_update", "state_dict"))
TWICE = "In r_drop (RDrop.__call__)."
COPY = "The teacher is a copy of the whole student, heads and buffers included, which is read and never trained."
TERM = "mu D = mu mean of l(f(x; student), f(x; teacher)), with the distance of the task's kind; the teacher answers in eval mode."
WALK = "After every `every` updates: teacher <- beta teacher + (1 - beta) student; beta is the early one for the first share of all updates."
TWO = "R = l(f_2(x), f_1(x)): the second pass draws new dropout masks, and both answers have a slope."


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


_MADE = _of(MADE, COPY, {
    "not-copied": ("The teacher is the student itself: it is frozen, and the distance is always 0.", "Look at how the teacher is made.", "Copy the model."),
    "memory-shared": ("The teacher's tensors lie in the student's memory, so every step moves both.", "Look at what is copied: the numbers, or where they lie?", "Copy the numbers."),
    "tensors-shared": ("Teacher and student are two modules made of the same tensors.", "Look at what is copied.", "Copy the numbers."),
    "heads-not-copied": ("The teacher's heads are not the student's, so it pulls before anything has moved.", "Look at what is copied.", "Copy the whole model."),
    "copied-from-zero": ("The teacher starts from zeros instead of from the student.", "Look at how the teacher begins.", "It begins as the student's equal."),
    "in-train-mode": ("The teacher is in train mode: its dropout makes a distance even to an equal student.", "Look at the teacher's mode.", "Put the copy in eval mode.", "train"),
    "student-put-in-eval-mode": ("The student is put in eval mode and trains without dropout from then on.", "Look at whose mode is changed.", "Only the copy's.", "train"),
    "student-frozen": ("The student's own weights are frozen, so nothing learns.", "Look at whose requires_grad is changed.", "Only the copy's."),
})  # fmt: skip
_PULL = _of(PULL, TERM, {
    "asks-the-student": ("The student is compared with another pass of itself.", "Look at which model is asked.", "Ask the teacher."),
    "weight-missing": ("The weight mu is not used.", "Look at what is returned.", "Multiply by the weight."),
    "weight-squared": ("The weight mu is used twice.", "Count where it enters.", "Once is enough."),
    "pull-negated": ("The pull has the wrong sign: it drives the student away from the teacher.", "Look at the sign.", "A distance is added to the loss."),
    "pull-without-slope": ("The pull has a value and no slope: the student's answer is held constant.", "Look at which of the two answers is detached, and at their order.",
                           "Hold the teacher's answer constant."),
    "distance-of-one-kind": ("The squared difference is used for every kind of task.", "Look at which distance is taken.", "Take the one of the batch's task."),
    "distance-of-probabilities": ("A softmax is taken before the distance, which takes scores.", "Look for softmax.", "Hand the scores over."),
})  # fmt: skip
_WALK = _of(FOLLOWS, WALK, {
    "every-ignored": ("The teacher follows after each update, whatever was asked for.", "Look at `every`.", "Follow when it is time.", "option"),
    "every-counted-from-one": ("The teacher follows one update too late, or too early.", "Look at how updates are counted.", "The first time is after `every` updates.", "option"),
    "never-follows": ("The teacher never moves.", "Look at whether anything follows.", "Move it."),
    "first-update-only": ("The teacher moves once and then no more.", "Look at the condition.", "Move it again and again."),
    "copies-at-once": ("The teacher becomes the student after every update, so the distance is 0 again.", "Look at beta.", "Keep a share beta of the teacher."),
    "beta-exchanged": ("beta and 1 - beta are exchanged: the teacher follows almost at once.", "Look at beta.", "beta is the teacher's share."),
    "momentum-never-switches": ("The early momentum is used all the time.", "Look at where beta comes from.", "It changes after a share of all updates."),
    "momentum-late-from-the-start": ("The late momentum is used from the start.", "Look at where beta comes from.", "It changes after a share of all updates."),
    "momentum-switches-early": ("The momentum switches one update early.", "Look at how updates are counted.", "The first update has number 0."),
    "momentum-without-total": ("The number of updates so far is taken for that of the whole run.", "Look at the total.", "The share is one of all updates."),
    "student-follows": ("The student follows the teacher.", "Look at who moves.", "The teacher moves."),
    "heads-stay": ("The teacher's heads never move.", "Look at which tensors follow.", "All of them."),
    "buffers-stay": ("Buffers (counters, running means) never follow.", "Look at parameters and state_dict.", "What is not learned follows too."),
})  # fmt: skip
_SAVED = _of(SAVED, "A resumed run is pulled by the teacher that it had.", {
    "saved-student": ("The student is saved in the teacher's place.", "Look at whose tensors are returned.", "The copy's."),
    "saved-nothing": ("Nothing is saved of the teacher, so a resumed run begins with another one.", "Look at what is returned.", "All of the copy's tensors."),
})
_TWICE = _of(TWICE, TWO, {
    "twice-same-masks": ("The second pass repeats the masks of the first, so the two answers are equal.", "Look at the masks.", "Draw new ones."),
    "twice-without-dropout": ("The second pass is made without dropout.", "Look at the masks.", "Draw new ones."),
    "twice-with-itself": ("The first answer is compared with itself: always 0.", "Look at what is compared.", "Make a second pass."),
    "twice-first-detached": ("The first answer is held constant: half of the slope is lost.", "Look for detach().", "Both answers have a slope."),
    "twice-second-detached": ("The second answer is held constant: half of the slope is lost.", "Look for detach().", "Both answers have a slope."),
    "twice-embeddings-detached": ("The second pass starts from embeddings without a graph, so the tables learn half.", "Look for detach().", "Use them as they are."),
    "twice-exchanged": ("The two answers are exchanged, which matters for a distance that is not symmetric.", "Look at the order.", "New answer first."),
    "twice-halved": ("The distance is halved.", "Look for / 2.", "Its weight is the recipe's."),
    "twice-two-new-passes": ("Two passes are made beside the one that there is: a third of the work for nothing.", "Count the passes.", "One more is enough."),
    "twice-squared": ("The squared difference is used instead of the distance that was given.", "Look at what is returned.", "Use the given one."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _MADE | _PULL | _WALK | _SAVED | _TWICE
