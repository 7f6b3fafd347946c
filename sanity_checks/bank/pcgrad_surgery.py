"""What is said about the mistakes of GSE and of the wrapper around an optimizer."""

from __future__ import annotations

from sanity_checks.bank import Mistake

GSE = ("In surgery, steps_along and gse_merges.", "First a step along the mean of the projected gradients, then one along the plain sum of the same gradients.")
WRAPPER = ("In surgery, the class PCGrad.", "One backward a loss, its gradient taken away each time; what was there before is added to what comes out.")


def _gse(says: str, look: str, line: str) -> Mistake:
    return Mistake(says, look, *GSE, line)


def _wrapper(says: str, look: str, line: str, severity: str = "error", seen: int = 0) -> Mistake:
    return Mistake(says, look, *WRAPPER, line, severity, seen)


STEPS = "Count the steps of the optimizer: two an iteration."
FIRST, SECOND = "Look at the gradient of the first step.", "Look at the gradient of the second step."

SURGERY: dict[str, Mistake] = {
    "gse-second-step-missing": _gse("The second step, along the plain sum, is missing.", STEPS, "Step again along the sum."),
    "gse-first-step-missing": _gse("The first step, along the projected gradients, is missing: only the last merged gradient is stepped along.", STEPS, "Step after each merged gradient."),
    "gse-steps-exchanged": _gse("The two steps are exchanged: the plain sum comes first.", "Look at the order of the two.", "Surgery comes first."),
    "gse-first-summed": _gse("The first step takes the sum of the projected gradients instead of their mean.", FIRST, "The first one is a mean."),
    "gse-first-plain": _gse("The first step takes the plain mean: nothing is projected.", FIRST, "The first one is projected."),
    "gse-second-projected": _gse("The second step is along projected gradients again, summed.", SECOND, "The second one is the plain sum."),
    "gse-second-projected-mean": _gse("The second step repeats the first.", SECOND, "The second one is the plain sum."),
    "gse-second-mean": _gse("The second step takes the mean of the gradients instead of their sum.", SECOND, "The second one is a sum: the combined loss."),
    "gse-plain-twice": _gse("Both steps are along the plain sum: that is the experiment's control, without surgery.", FIRST, "The first one is projected."),
    "gse-steps-added": _gse("The second step still holds the gradient of the first.", "Look at what is cleared between the two.", "Each merged gradient replaces the one before."),
    "gse-originals-overwritten": _gse("The first step writes into the tasks' gradients, so the second sums what was projected already.", "Look for operations in place on what is given.", "Both steps read the originals."),
    "gse-gradients-left": _gse("The last merged gradient stays behind, and the next backward adds to it.", "Look at what is left after the last step.", "Leave None."),
    "wrapper-plain-sum": _wrapper("pc_backward gives the plain sum: nothing is projected.", "Look at two losses that pull against each other.", "Merge the gradients by surgery; one summed loss cannot give them back.", seen=2),
    "wrapper-reduction-ignored": _wrapper("The wrapper's reduction is not used: it always sums.", "Look for the reduction.", "Hand it on."),
    "wrapper-reduction-by-truth": _wrapper("The wrapper tests its reduction for truth, and every word is true: 'sum' gives the mean.", "Look for an if without a comparison.", "Compare the word itself.", seen=17),
    "wrapper-default-mean": _wrapper("The wrapper averages when no reduction is given.", "Look at the default.", "The paper sums."),
    "wrapper-not-cleared-between-tasks": _wrapper("Gradients are not cleared between the losses, so the second task's contains the first's.", "Look at what is in .grad before each backward.", "Take each gradient away before the next."),
    "wrapper-accumulation-lost": _wrapper("Gradients that were there before are lost, so that accumulating over several batches keeps only the last.", "Call pc_backward twice.", "Add to what was there.", seen=2),
    "wrapper-earlier-gradients-in-first-task": _wrapper("Gradients that were there before are taken for part of the first task's, and projected with it.", "Look at .grad before the first backward.",
                                                        "Set them aside first, and add them at the end."),
    "wrapper-last-task-only": _wrapper("Only the last loss counts.", "Look at what becomes of the other gradients.", "Merge all of them."),
    "wrapper-first-task-only": _wrapper("Only the first loss counts.", "Look at what becomes of the other gradients.", "Merge all of them."),
    "wrapper-retain-graph-missing": _wrapper("The first backward frees the graph that the other losses share, and the second one stops with an error.", "Look at backward's arguments.",
                                             "Keep the graph until the last loss."),
    "wrapper-zeros-for-absent": _wrapper("A parameter that no loss uses gets a gradient of zeros, so an optimizer with decay shrinks it.", "Look at what happens to None.", "None stays None.", seen=15),
    "wrapper-zeros-while-merging": _wrapper("A loss that does not use a parameter counts as one with a gradient of zeros there, so heads are projected and averaged.", "Look at what happens to None.",
                                            "None stays None.", seen=15),
    "wrapper-step-missing": _wrapper("step() does nothing.", "Look at step.", "Call the optimizer's."),
    "wrapper-zero-grad-missing": _wrapper("zero_grad() clears nothing.", "Look at zero_grad.", "Call the optimizer's."),
    "wrapper-steps-already": _wrapper("pc_backward already steps, and step() steps again.", "Look for step() in pc_backward.", "Backward writes gradients; step moves."),
    "wrapper-state-empty": _wrapper("state_dict() of the wrapper is not the optimizer's, so a checkpoint cannot be loaded.", "Look at state_dict.", "Hand on the optimizer's.", "option", 3),
    "wrapper-state-not-loaded": _wrapper("load_state_dict() of the wrapper loads nothing.", "Look at load_state_dict.", "Hand it on to the optimizer.", "option", 3),
}
