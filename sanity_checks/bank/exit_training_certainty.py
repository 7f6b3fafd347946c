"""What is said about the mistakes of the learned certainty; a part of bank/exit_training.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
SAYS = ("In exit_certainty, Certainty.forward.", "u = sigmoid(c . h + b), one number from 0 to 1 for each example.", "Drop the last dimension, and no other.")
TARGET = ("In exit_certainty, certainty_target.", "1 where the exit answers right, 0 where not; of a regression 1 - tanh(|g - y| / scale).", "It has no graph: nothing that the exits said may be moved by it.")
LOSS = ("In exit_certainty, certainty_loss.", "The mean over exits and examples of (u_i - target_i)^2, each exit with its own features and its own answers.", "Two means of one square.")

RIGHT = "Put in an answer that is right, and one that is wrong by 1."
CERTAINTY: dict[str, Mistake] = {
    "certainty-without-sigmoid": Mistake("The certainty is a score instead of a number from 0 to 1.", "What is its range?", *SAYS),
    "uncertainty-for-certainty": Mistake("The layer says how unsure it is, as the paper's code keeps it.", "What does 1 mean?", *SAYS),
    "certainty-of-the-batch": Mistake("The certainty is averaged over the batch, so examples leave by what others know.", "Put in one example alone, then in a batch.", *SAYS),
    "certainty-keeps-a-dimension": Mistake("The certainty keeps a dimension of size 1, so against targets it makes a table of all pairs.", "Look at the shape.", *SAYS),
    "certainty-of-one-example-is-a-scalar": Mistake("Every dimension of size 1 is dropped, so one example has no batch.", "Put in one example.", *SAYS),
    "features-always-detached": Mistake("Features are always detached, so the certainty teaches the layer alone.", "Who gets a gradient?", *SAYS),
    "features-never-detached": Mistake("Features are never detached, whatever is asked for.", "Who gets a gradient?", *SAYS, severity="option"),
    "target-with-a-gradient": Mistake("The target has a gradient: exits can be made worse so that the layer is right about them.", "Who gets a gradient?", *TARGET),
    "target-of-the-error": Mistake("The target says how wrong an exit is.", RIGHT, *TARGET),
    "error-for-the-regression-alone": Mistake("The target of a regression says how wrong it is; that of classes is right.", RIGHT, *TARGET),
    "scale-ignored": Mistake("The scale of errors is ignored.", "Put in a scale of 5.", *TARGET),
    "scale-multiplied": Mistake("Errors are multiplied by their scale instead of divided.", "Put in a scale of 5.", *TARGET),
    "tanh-forgotten": Mistake("The error is subtracted as it is, so a target can be below 0.", RIGHT, *TARGET),
    "tanh-of-the-square": Mistake("The error is squared before its tanh.", RIGHT, *TARGET),
    "sign-of-the-error": Mistake("The sign of the error is kept: an answer too low counts as better than right.", "Put in an answer too high and one too low.", *TARGET),
    "regression-must-be-equal": Mistake("A regression is right only when it hits its label exactly.", RIGHT, *TARGET),
    "probability-for-a-target": Mistake("Where an exit is right, the target is its own probability instead of 1.", RIGHT, *TARGET),
    "target-of-the-batch": Mistake("The target is the accuracy of the batch.", "Put in one that is right and one that is wrong.", *TARGET),
    "scale-of-0-accepted": Mistake("A scale of 0 is accepted, and divides by it.", "Put in 0.", *TARGET, severity="option"),
    "exits-summed": Mistake("The losses of exits are summed instead of averaged.", "Put in one exit, then three.", *LOSS),
    "examples-summed": Mistake("The losses of examples are summed instead of averaged.", "Put in one exit.", *LOSS),
    "cross-entropy-for-squares": Mistake("The loss is a cross-entropy instead of a square.", "Put in one exit.", *LOSS),
    "distance-for-squares": Mistake("The loss is a distance instead of a square.", "Put in one exit.", *LOSS),
    "last-exit-alone-learns": Mistake("Only the last of the exits given counts.", "Put in three exits.", *LOSS),
    "features-of-the-first-exit": Mistake("The features of the first exit are read for all.", "Put in three exits.", *LOSS),
    "target-of-the-last-exit": Mistake("The answers of the last exit are the target for all.", "Put in three exits.", *LOSS),
    "loss-ignores-the-scale": Mistake("The loss does not hand the scale of errors on.", "Put in a scale of 2.", *LOSS),
}  # fmt: skip
