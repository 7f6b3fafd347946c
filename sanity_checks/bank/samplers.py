"""What is said about the mistakes of the samplers."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
LENGTH = (
    "Look at the line of lock_step that counts the steps of an epoch.",
    "steps = min over tasks of floor(N / B), and at least 1.",
    "Divide each size by the batch size, drop the rest, take the smallest, and never go below one.")
TOGETHER = (
    "Look at what lock_step returns.",
    "Every step holds one batch of every task: (sst, quora, sts), again and again.",
    "Each step is a tuple of all the names; the number of steps is iterations where that is not 0.")
POOL = (
    "Look at the pool of batches that shuffled builds.",
    "A task with N examples has ceil(N / B) batches, and each of them is one step.",
    "Put a one-name tuple into the pool for every batch of every task, the smaller last batch included.")
ORDER = (
    "Look at how shuffled puts the pool into an order.",
    "Every order of the pool is equally likely, and each epoch draws its own from the generator given.",
    "Draw one permutation of the whole pool, with the generator that was passed in, once for every pass.")
CUT = (
    "Look at the loop of shuffled that collects steps, and at its last line.",
    "Without iterations: one pass. With n iterations: passes until there are n steps, then exactly n.",
    "Go on adding whole shuffled passes while there are too few steps, then cut.")
RESUME = (
    "Look at load_state_dict.",
    "A state is a generator, an epoch and a place in it; all three come back.",
    "Restore the generator before the plan is drawn again, and the place after.")

SMALLEST = "The smallest set decides how long an epoch is."
ONCE = "Each set is seen exactly once an epoch."
DRAW = "Draw with the generator that is passed in; it moves on by itself."

MISTAKES: dict[str, Mistake] = {
    "longest-decides": Mistake("The largest task decides how many steps lock_step has.", SMALLEST, *LENGTH),
    "sum-decides": Mistake("lock_step has as many steps as all tasks have batches together.", SMALLEST, *LENGTH),
    "first-task-decides": Mistake("The first task decides how many steps lock_step has.", SMALLEST, *LENGTH),
    "average-decides": Mistake("The average size decides how many steps lock_step has.", SMALLEST, *LENGTH),
    "batches-rounded-up": Mistake("lock_step counts the last, smaller batch of the smallest task.", "It counts whole batches.", *LENGTH),
    "batch-size-ignored": Mistake("lock_step has as many steps as the smallest task has examples.", "A step takes a batch, not an example.", *LENGTH),
    "small-task-gives-nothing": Mistake("A task smaller than one batch leaves lock_step without any step.", "There is always at least one step.", *LENGTH),
    "one-step-too-many": Mistake("lock_step has one step too many.", SMALLEST, *LENGTH),
    "iterations-ignored": Mistake("lock_step ignores iterations.", "Where iterations is not 0 it is the number of steps.", *TOGETHER),
    "iterations-capped": Mistake("lock_step makes no more steps than the smallest task has batches, whatever iterations says.", "Streams are endless, so more is fine.", *TOGETHER),
    "tasks-in-turn": Mistake("lock_step takes one task a step, in turn.", "Each step holds all tasks.", *TOGETHER),
    "last-task-dropped": Mistake("lock_step leaves out the last task.", "Each step holds all tasks.", *TOGETHER),
    "smallest-task-dropped": Mistake("lock_step leaves out the smallest task.", "Each step holds all tasks.", *TOGETHER),
    "last-batch-lost": Mistake("shuffled leaves out the last, smaller batch of a task.", ONCE, *POOL),
    "one-batch-per-example": Mistake("shuffled makes a step for every example instead of every batch.", ONCE, *POOL),
    "one-batch-too-many": Mistake("shuffled adds a batch where the examples come out even.", ONCE, *POOL),
    "each-task-equally-often": Mistake("shuffled takes each task equally often.", "Large tasks come more often: " + ONCE.lower(), *POOL),
    "as-often-as-the-smallest": Mistake("shuffled takes each task as often as the smallest.", "Large tasks come more often: " + ONCE.lower(), *POOL),
    "as-often-as-the-largest": Mistake("shuffled takes each task as often as the largest.", "Small tasks come less often: " + ONCE.lower(), *POOL),
    "first-task-only": Mistake("shuffled takes the first task only.", "Every task has its batches in the pool.", *POOL),
    "all-tasks-in-each-step": Mistake("shuffled puts all tasks into each step.", "That is lock_step; here a step holds one task.", *POOL),
    "name-without-tuple": Mistake("A step of shuffled is a name instead of a tuple with one name, so it falls into letters.", "A tuple of one needs its comma.", *POOL),
    "not-shuffled": Mistake("shuffled takes the tasks one after the other.", "All of one task, then all of the next, is forgotten again.", *ORDER),
    "blocks-shuffled": Mistake("shuffled shuffles the tasks, but each still comes in one block.", "Shuffle the batches, not the tasks.", *ORDER),
    "interleaved": Mistake("shuffled lets the tasks take turns; nothing is drawn.", DRAW, *ORDER),
    "global-generator": Mistake("shuffled draws from the global random numbers, so a run cannot be repeated or resumed.", DRAW, *ORDER),
    "fixed-seed": Mistake("shuffled gives the same order in every epoch.", DRAW, *ORDER),
    "epoch-as-seed": Mistake("shuffled takes its order from the number of the epoch, so the seed of the run plays no part.", DRAW, *ORDER),
    "drawn-with-replacement": Mistake("shuffled draws each step anew, so some batches come twice and others never.", ONCE, *ORDER),
    "iterations-not-cut": Mistake("shuffled finishes its last pass instead of stopping after the iterations asked for.", "Cut the steps to that number.", *CUT),
    "iterations-ignored-by-shuffled": Mistake("shuffled ignores iterations.", "Where iterations is not 0 it is the number of steps.", *CUT),
    "pool-not-repeated": Mistake("shuffled makes one pass only, even where more iterations are asked for.", "Go through the pool again.", *CUT),
    "pool-repeated-in-one-order": Mistake("Every pass of shuffled within an epoch has the same order.", "Shuffle again for each pass.", *CUT),
    "place-not-restored": Mistake("A loaded sampler starts its epoch from the beginning.", "The place in the epoch has to come back.", *RESUME),
    "generator-not-restored": Mistake("A loaded sampler keeps its own random numbers, so it goes on in another order.", "The generator has to come back.", *RESUME),
}  # fmt: skip
