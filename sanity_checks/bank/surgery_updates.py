"""What is said about mistakes in GSE's two readings and in the updates that it is compared with."""

from __future__ import annotations

from sanity_checks.bank import Mistake

STEPS, TASKS, TABLE = "In surgery_updates (steps_of).", "In surgery_updates (task_gradients).", "In surgery_updates, the table of updates."
GSE = "w <- step(w, mean of the projected g_i), then w <- step(w, sum g_i); stale: both of the old w; fresh: g_i again, of the same batches, at the moved w."
TWICE = "summed-twice: the plain sum, two steps. pcgrad-twice: the projected sum, two steps. They tell surgery from stepping twice."
EACH = "g_i is the gradient of task i's loss, summed over its batches, from parameters without a gradient."


def _of(where: str, rule: str, table: dict[str, tuple[str, str, str]]) -> dict[str, Mistake]:
    """name -> (says, look, line), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line) for name, (says, look, line) in table.items()}


_STEPS = _of(STEPS, GSE, {
    "fresh-is-stale": ("\"fresh\" steps along the old gradients.", "Look at where the reading is asked for.", "Pass again before the second step."),
    "stale-is-fresh": ("\"stale\" passes again, and pays for it.", "Look at where the reading is asked for.", "Only \"fresh\" passes again."),
    "readings-exchanged": ("\"stale\" and \"fresh\" are exchanged.", "Look at where the reading is asked for.", "\"fresh\" passes again."),
    "fresh-of-new-batches": ("\"fresh\" draws new batches: GSE reads twice as much data as what it is compared with.", "Look at the second pass.", "Read the same batches again."),
    "fresh-added-to-stale": ("The fresh gradients are added to the old ones: every task counts twice.", "Look at what the second merge is given.", "Forget the old ones first."),
    "fresh-losses-told": ("The losses told are those of the second pass, at weights that have moved.", "Look at what is returned.", "Tell those of the first pass."),
    "old-gradients-kept": ("What was in .grad before counts as the first task's.", "Look at the first line.", "Forget gradients first."),
    "second-step-missing": ("There is no second step.", "Count the steps.", "Step along every merge."),
    "second-step-like-the-first": ("The second step goes along the first merge again: in GSE both are projected.", "Look at which merge is used.", "Each step has its own."),
    "first-step-twice": ("The first step is made twice.", "Count the steps.", "One step for a merge."),
})  # fmt: skip
_GSE = _of(TABLE, GSE, {
    "gse-plain-first": ("GSE makes its plain step first.", "Look at the order of the two merges.", "Surgery first."),
    "gse-projected-summed": ("GSE's projected gradients are summed instead of averaged.", "Look at the reduction.", "The mean, in the first step."),
    "gse-without-surgery": ("Both of GSE's steps go along the plain sum.", "Look at the first merge.", "The first is projected."),
})  # fmt: skip
_TWICE = _of(TABLE, TWICE, {
    "summed-twice-once": ("\"summed-twice\" makes one step.", "Count its merges.", "Two."),
    "summed-twice-projected": ("\"summed-twice\" projects: it is no control of surgery.", "Look at its merges.", "The plain sum, twice."),
    "pcgrad-twice-once": ("\"pcgrad-twice\" makes one step.", "Count its merges.", "Two."),
    "pcgrad-twice-with-a-plain-step": ("The second step of \"pcgrad-twice\" is a plain one.", "Look at its merges.", "Both are projected."),
    "pcgrad-without-surgery": ("Projected updates go along the plain sum.", "Look at what projects.", "Project."),
    "pcgrad-averaged": ("Projected updates go along the mean of the projected gradients.", "Look at the reduction.", "Their sum."),
})  # fmt: skip
_TASKS = _of(TASKS, EACH, {
    "accumulation-ignored": ("One batch a task is read, whatever the accumulation.", "Look at how often a loss is built.", "As often as asked."),
    "backward-ignored": ("The backward that was given is not used, so a scaled loss is not scaled.", "Look at what differentiates.", "Use the one given."),
    "gradvac-targets-forgotten": ("GradVac's targets are thrown away after each call, which leaves PCGrad.", "Look at what is kept.", "Keep what comes back."),
    "gradvac-targets-begin-at-one": ("GradVac's targets begin at 1: all tasks must agree wholly.", "Look at the first targets.", "They begin at 0."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _STEPS | _GSE | _TWICE | _TASKS
