"""What is said about the mistakes of the sampling plans."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
SHARE = ("In sampling_plans, probabilities.", "P(task i) is N_i to the power of alpha, over the sum of the same for all tasks.", "First the powers of the sizes, then each over their sum.")
FALL = ("In sampling_plans, annealed_alpha.", "alpha = 1 - 0.8 (e - 1) / (E - 1) for e = 1 .. E: 1 in the first epoch, 0.2 in the last.",
        "Here epochs count from 0, so the numerator is the epoch itself; with one epoch there is nothing to fall.")
COUNT = ("In sampling_plans, own_steps.", "K times the whole batches of the smallest task, and at least K.", "Count whole batches, take the smallest number, never below one, times the tasks.")
TURN = ("In sampling_plans, round_robin.", "Step number s is of task s modulo K, and s counts on from epoch to epoch.", "The turn moves with every step.")
DRAW = ("In sampling_plans, proportional.", "Each step draws its one task, independently, from the probabilities and with the generator given.", "Draw all steps at once, with replacement.")
ANNEAL = ("In sampling_plans, annealed.", "The plan is proportional, with the exponent of this epoch.", "Hand on everything that was given, and the exponent.")

POWER = "Look at the power."
EVEN = "The last epoch is the most even one, and has 0.2."
DIVIDE = "E - 1 is 0 where there is one epoch."
GENERATOR = "Use the generator that is passed in; it moves on by itself."
ONE = "A step holds one task."
ASKED = "Where iterations is not 0 it is the number of steps."
MISTAKES: dict[str, Mistake] = {
    "alpha-ignored": Mistake("The exponent changes nothing: tasks are always drawn in proportion to their sizes.", POWER, *SHARE),
    "alpha-inverted": Mistake("The exponent is 1 - alpha, so alpha = 1 is even and alpha = 0 proportional.", POWER, *SHARE),
    "alpha-multiplied": Mistake("Sizes are multiplied by alpha, which cancels, instead of raised to its power.", POWER, *SHARE),
    "alpha-halved": Mistake("The exponent is half of what it should be.", POWER, *SHARE),
    "alpha-from-logarithms": Mistake("The power is taken of the logarithm of the size.", POWER, *SHARE),
    "small-tasks-first": Mistake("The exponent is negative: the smallest task is drawn most often.", POWER, *SHARE),
    "power-of-the-share-not-normalised": Mistake("Shares are raised to the power and not divided by their sum again.", "Do they sum to 1?", *SHARE),
    "not-normalised": Mistake("The powers are not divided by their sum.", "Do they sum to 1?", *SHARE),
    "softmax-of-powers": Mistake("A softmax of the powers gives the largest task everything.", "Divide by the sum; no exponential is needed.", *SHARE),
    "divided-by-the-largest": Mistake("Powers are divided by the largest of them.", "Do they sum to 1?", *SHARE),
    "epochs-from-minus-one": Mistake("An epoch is subtracted although epochs count from 0 here: alpha starts above 1 and the last epoch is never reached.", "Put the first epoch in.", *FALL),
    "epochs-from-one": Mistake("Epochs are counted from 1, so alpha is below 1 in the first and reaches its end an epoch early.", "Put the first epoch in.", *FALL),
    "last-epoch-not-reached": Mistake("The fall is divided by E instead of E - 1, so the last epoch does not reach 0.2.", EVEN, *FALL),
    "one-epoch-divides-by-zero": Mistake("With one epoch there is a division by zero.", DIVIDE, *FALL),
    "one-epoch-has-the-last-exponent": Mistake("With one epoch alpha is 0.2.", "The first epoch is proportional.", *FALL),
    "past-the-end-below": Mistake("Past the last epoch alpha falls on, below 0 in the end.", "It stays at the last value.", *FALL, severity="option"),
    "falls-to-zero": Mistake("alpha falls to 0 instead of 0.2.", EVEN, *FALL),
    "falls-by-a-fifth": Mistake("alpha falls to 0.8 instead of by 0.8.", EVEN, *FALL),
    "rises": Mistake("alpha rises from 0.2 to 1.", "Large tasks come first, even shares last.", *FALL),
    "falls-by-halves": Mistake("alpha is halved from epoch to epoch.", "It falls in a straight line.", *FALL),
    "falls-in-a-curve": Mistake("alpha falls by the same factor in each epoch.", "It falls in a straight line.", *FALL),
    "steps-of-one-task": Mistake("An epoch has as many steps as lock-step, although each holds one task only: a K-th of the batches.", "Every task has its batches.", *COUNT),
    "longest-decides": Mistake("The largest task decides how long an epoch is.", "The smallest one decides.", *COUNT),
    "all-batches-counted": Mistake("An epoch has as many steps as all tasks have batches together.", "The smallest task decides.", *COUNT),
    "batches-rounded-up": Mistake("The smaller, last batch of the smallest task is counted.", "Count whole batches.", *COUNT),
    "batch-size-ignored": Mistake("Examples are counted instead of batches.", "A step takes a batch.", *COUNT),
    "small-task-gives-nothing": Mistake("A task smaller than a batch leaves an epoch without any step.", "There is always at least one round.", *COUNT),
    "turn-never-advances": Mistake("The turn never comes to another task than the first.", "Look at what moves the turn.", *TURN),
    "turn-starts-anew": Mistake("Each epoch starts with the first task again; a task may then get a step more in every epoch.", "Nothing has to change.", *TURN, severity="note"),
    "turn-by-epoch": Mistake("The turn moves from epoch to epoch instead of from step to step.", "Look at what moves the turn.", *TURN),
    "turn-takes-all": Mistake("Every step of round_robin holds all tasks.", ONE, *TURN),
    "turn-in-blocks": Mistake("All steps of one task come before those of the next.", "The turn moves with every step.", *TURN),
    "iterations-ignored": Mistake("iterations changes nothing.", ASKED, *DRAW),
    "iterations-for-each-task": Mistake("iterations is multiplied by the number of tasks.", ASKED, *DRAW),
    "one-task-for-the-epoch": Mistake("One task is drawn for the whole epoch.", "Every step draws anew.", *DRAW),
    "largest-only": Mistake("The likeliest task is always taken: nothing is drawn.", "Draw, do not take the largest.", *DRAW),
    "drawn-uniformly": Mistake("Every task is equally likely, whatever its size.", "Look at the weights of the draw.", *DRAW),
    "not-shuffled": Mistake("The draws are sorted, so tasks come one after the other.", "The order is that of the draws.", *DRAW),
    "global-generator": Mistake("Draws come from the global random numbers, so a run cannot be repeated or resumed.", GENERATOR, *DRAW),
    "fixed-seed": Mistake("Every epoch draws the same steps.", GENERATOR, *DRAW),
    "epoch-as-seed": Mistake("The epoch is the seed, so the seed of the run plays no part.", GENERATOR, *DRAW),
    "all-tasks-in-each-step": Mistake("Every step of proportional holds all tasks.", ONE, *DRAW),
    "name-without-tuple": Mistake("A step is a name instead of a tuple with one name, so it falls into letters.", "A tuple of one needs its comma.", *DRAW),
    "annealed-always-proportional": Mistake("annealed draws with alpha = 1 in every epoch.", "Look at what it hands on.", *ANNEAL),
    "annealed-always-even": Mistake("annealed draws with alpha = 0.2 in every epoch.", "Look at what it hands on.", *ANNEAL),
    "annealed-forgets-iterations": Mistake("annealed ignores iterations.", "Look at what it hands on.", *ANNEAL),
}  # fmt: skip
