"""What is said about the mistakes of the linear schedule and of the object that sets the rates."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
COUNT = (
    "Look at the line that turns the share of warm-up into a number of updates.",
    "w = warmup T, rounded to the nearest whole number.",
    "Multiply the share by the total and round to a whole number; 0 is a number too.")
UP = (
    "Look at the branch for positions before the end of the warm-up.",
    "For t < w the factor is t / w: 0 at t = 0, and 1 would come at t = w.",
    "Divide the position by the number of warm-up updates, nothing added to either.")
DOWN = (
    "Look at the branch for positions after the warm-up.",
    "For w <= t < T the factor is (T - t) / (T - w): 1 at t = w, and 0 would come at t = T.",
    "Divide the updates that are left by the updates that the way down has in all.")
END = (
    "Look at what happens at t = T and beyond.",
    "For t >= T the factor is 0.",
    "Positions at or behind the total have to be caught before the other branches.")
RATES = (
    "Look at the loop over the groups that sets lr.",
    "rate of a group = its own rate (initial_lr) times the factor.",
    "Each group's lr must be made anew from that group's initial_lr.")
POSITION = (
    "Look at where the number of updates done is changed.",
    "Update n = 1, 2, ... uses t = n - 1.",
    "Count one update, then set the rates of the next; do the same after loading a position.")

FIRST = "The first update has factor 0, as in torch and transformers."
OWN = "Each group has a rate of its own."

MISTAKES: dict[str, Mistake] = {
    "half-update-rounded-up": Mistake("Half an update of warm-up is rounded up; Python's round takes the even neighbour.", "Both are fine.", *COUNT, severity="note"),
    "warmup-missing": Mistake("There is no warm-up: the rate starts at its full height.", "warmup is the share of updates on the way up.", *COUNT),
    "warmup-floored": Mistake("The number of warm-up updates is rounded down instead of to the nearest.", "2.7 updates are 3.", *COUNT),
    "warmup-ceiled": Mistake("The number of warm-up updates is rounded up instead of to the nearest.", "2.1 updates are 2.", *COUNT),
    "warmup-not-rounded": Mistake("The number of warm-up updates is not rounded.", "With a fraction of an update the factor never is exactly 1.", *COUNT),
    "warmup-at-least-one": Mistake("There is always one update of warm-up, even where none was asked for.", "A warm-up of 0 updates is allowed; guard the division only.", *COUNT),
    "warmup-share-as-count": Mistake("warmup is taken as a number of updates; it is a share of them.", "0.1 means a tenth of all updates.", *COUNT),
    "warmup-one-ahead": Mistake("The warm-up is one position ahead.", FIRST, *UP),
    "warmup-never-full": Mistake("The warm-up rises too slowly and jumps at its end.", "Check the denominator.", *UP),
    "warmup-never-full-and-ahead": Mistake("The warm-up starts above 0, at one part in w + 1.", FIRST, *UP),
    "warmup-backwards": Mistake("The warm-up falls from 1 instead of rising from 0.", "Warming up means starting small.", *UP),
    "warmup-at-full-rate": Mistake("The factor is 1 during the warm-up.", "Warming up means starting small.", *UP),
    "warmup-at-rate-zero": Mistake("The factor is 0 during the whole warm-up.", "It has to rise in a line.", *UP),
    "warmup-of-whole-run": Mistake("The warm-up rises as if it lasted the whole run.", "Divide by the updates of the warm-up, not by all.", *UP),
    "decay-missing": Mistake("After the warm-up the factor stays 1.", "It has to fall to 0 in a line.", *DOWN),
    "decay-from-start": Mistake("The way down is measured from the start of the run, so the factor drops where the warm-up ends.", "Divide by the updates after the warm-up.", *DOWN),
    "decay-shifted": Mistake("The way down starts at 1 but never reaches 0.", "At t = T the line must be at 0.", *DOWN),
    "decay-too-steep": Mistake("The warm-up is subtracted on top of the fraction as well, so the factor falls below 0.", "On top stand the updates that are left.", *DOWN),
    "decay-one-early": Mistake("The way down reaches 0 one update too early.", "0 comes at t = T.", *DOWN),
    "decay-one-late": Mistake("The way down would reach 0 one update too late.", "0 comes at t = T.", *DOWN),
    "decay-above-zero": Mistake("The factor stops falling at 0.2.", "It has to fall to 0.", *DOWN),
    "decay-upwards": Mistake("After the warm-up the factor rises from 0 again.", "On top stand the updates that are left, not those that are done.", *DOWN),
    "division-of-whole-numbers": Mistake("The factor is divided as whole numbers, so it is 0 or 1 and nothing between.", "// drops the fraction.", *DOWN),
    "negative-beyond-end": Mistake("Beyond the end the factor is negative.", "A run may be longer than planned.", *END),
    "full-rate-beyond-end": Mistake("Beyond the end the factor is 1 again.", "A run may be longer than planned.", *END),
    "starts-again-beyond-end": Mistake("Beyond the end the schedule starts again.", "A run may be longer than planned.", *END),
    "end-one-early": Mistake("The last update already has factor 0.", "The last update of a run is at t = T - 1.", *END),
    "rates-compound": Mistake("The factor multiplies the current rate, so the factors of all updates multiply up.", "Start from the group's own rate each time.", *RATES),
    "group-ratios-lost": Mistake("All groups get the rate of the first.", OWN, *RATES),
    "factor-as-rate": Mistake("The factor itself becomes the rate.", OWN, *RATES),
    "first-group-only": Mistake("Only the first group's rate is set.", OWN, *RATES),
    "first-update-at-full-rate": Mistake("The rates are not set before the first update.", FIRST, *POSITION),
    "step-not-counted": Mistake("The position never moves.", "Each call of step is one update.", *POSITION),
    "step-counted-twice": Mistake("Each update is counted twice.", "Each call of step is one update.", *POSITION),
    "rates-one-update-late": Mistake("The rates are set before the update is counted, so they come one update late.", "Count first.", *POSITION),
    "position-not-restored": Mistake("A saved position is not taken over.", "A resumed run goes on where it stopped.", *POSITION),
    "rates-not-restored": Mistake("The position is taken over, but the rates are set only at the next step.", "The next update already needs its rate.", *POSITION),
}  # fmt: skip
