"""What is said about the mistakes of PCGrad, GSE and the wrapper."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.pcgrad_surgery import SURGERY

PROJECT = ("In pcgrad, pcgrad_weights.", "If p_i . g_j < 0:  p_i <- p_i - (p_i . g_j) / |g_j|^2 g_j, for every other task j, in random order; g_j is the original.")
REDUCE = ("In pcgrad, the reduction.", "sum: sum_i p_i.  mean: that, divided by the number of tasks that use the parameter.")
SHARED = ("In pcgrad, what two tasks share.", "Task i meets task j on the parameters that both use; all of those count as one vector, and a head keeps its own gradient.")


def _project(says: str, look: str, line: str, severity: str = "error", seen: int = 0) -> Mistake:
    return Mistake(says, look, *PROJECT, line, severity, seen)


def _reduce(says: str, look: str, line: str, seen: int = 0) -> Mistake:
    return Mistake(says, look, *REDUCE, line, seen=seen)


def _shared(says: str, look: str, line: str, seen: int = 0) -> Mistake:
    return Mistake(says, look, *SHARED, line, seen=seen)


LENGTH = "Look at what the projection is divided by."
SQUARED = "After the projection, the inner product with g_j must be 0: divide by g_j . g_j."
ORDER = "Look at the order in which a task meets the others."

MISTAKES: dict[str, Mistake] = {
    "sum-means-mean": _reduce("The reduction 'sum' gives the mean, as it does when a string is tested for truth: every string but the empty one is true.", "Look at how the reduction is compared.",
                              "Two tasks without a conflict must give g_1 + g_2: compare the word itself.", 17),
    "mean-means-sum": _reduce("The reduction 'mean' gives the sum.", "Look at how the reduction is used.", "Divide by the number of tasks."),
    "mean-over-all-tasks": _reduce("The mean divides by the number of all tasks, also where only some use the parameter, so that heads learn too slowly.", "Look at what the mean divides by.",
                                   "A head that one task uses keeps its gradient whole."),
    "mean-of-shared-only": _reduce("The mean divides only where all tasks use the parameter, so one that two of three use is summed.", "Look at what the mean divides by.",
                                   "Divide each parameter by the number of tasks that use it."),
    "own-gradient-not-skipped": _project("A task is also projected on its own original gradient: with three tasks, what was pushed off two others may point against it.",
                                         "Look at whether j runs over the task itself; two tasks cannot show it.", "Skip the task itself.", seen=18),
    "against-projected": _project("Later tasks are compared with gradients that were projected already, as when gradients are changed in place.", "Look at which gradients the second task meets.",
                                  "Keep the originals, and project copies."),
    "agreeing-projected": _project("Gradients that agree are projected, and those that pull against each other are not.", "Look at the sign of the condition.", "A conflict is a negative inner product.", seen=1),
    "always-projected": _project("Every pair is projected, whether it is in conflict or not, so agreeing tasks lose what they have in common.", "Look for the condition.", "Only a negative inner product is a conflict."),
    "never-projected": _project("Nothing is projected: the result is the plain sum, or mean, of the gradients.", "Look at two tasks that pull against each other.", "Take the opposing part away.", seen=2),
    "conflict-of-originals": _project("The inner product is that of the two originals, also after p_i was projected on another task.", "Look at what the inner product is taken of.",
                                      "The left one is p_i as it is now."),
    "conflict-of-originals-decides": _project("Whether there is a conflict is decided by the two originals, though p_i may no longer be in conflict.", "Look at the condition.", "Ask p_i as it is now."),
    "division-missing": _project("The division by |g_j|^2 is missing, so a long gradient pushes too far.", LENGTH, SQUARED),
    "division-by-length": _project("The projection is divided by |g_j| instead of its square.", LENGTH, SQUARED),
    "division-by-own-length": _project("The projection is divided by |g_i|^2, the task's own length, instead of |g_j|^2.", LENGTH, SQUARED),
    "division-by-both-lengths": _project("The projection is divided by |g_i| |g_j|, as in a cosine.", LENGTH, SQUARED),
    "division-by-zero": _project("Where a task's gradient is 0, or shares nothing, 0 is divided by 0 and the result is NaN.", "Look at < and <=.", "An inner product of 0 is no conflict."),
    "added": _project("The projection is added instead of subtracted, so the conflict doubles.", "Look at the sign of the change.", "Take the opposing part away."),
    "own-gradient-subtracted": _project("A multiple of the task's own gradient is taken away instead of one of g_j.", "Look at which gradient the projection points along.", "The part along g_j goes."),
    "projection-alone-kept": _project("The part along g_j is kept and the rest thrown away.", "Look at what is left of p_i.", "The part along g_j goes, the rest stays."),
    "half-projected": _project("Only half of the opposing part is taken away.", "Look for a factor of a half.", "After the projection, the inner product with g_j must be 0."),
    "first-conflict-only": _project("A task stops after its first conflict and never meets the others.", "Look for break or return inside the loop.", "Meet every other task."),
    "worst-projected-away": _project("A gradient in conflict is dropped altogether.", "Look at what is left of p_i.", "Only the part along g_j goes."),
    "first-task-only": _project("Only the first task's gradient is projected.", "Look for an indentation, break or return in the outer loop.", "Every task gives way to the others."),
    "order-never-shuffled": _project("Tasks always meet in the same order, first to last, so the early ones are favoured; shuffle() may have been called and its result not used.", ORDER, "Draw a new order every time."),
    "order-reversed": _project("Tasks always meet in the same order, last to first.", ORDER, "Draw a new order every time."),
    "order-not-from-generator": _project("The order is drawn from torch's global generator, so surgery changes dropout and the order of batches.", "Look at who draws the order.", "Hand the generator over.", "option"),
    "tensor-by-tensor": _shared("Every parameter tensor is projected on its own, which is another algorithm: a conflict is one of whole gradients.", "Look at what an inner product runs over.",
                                "Add up the inner products of all shared parameters first."),
    "heads-projected-too": _shared("The heads of other tasks take part: what is left of g_j in p_i is also added to task j's head, which then learns too fast.", "Look at what happens to parameters of one task.",
                                   "Only tasks that use a parameter contribute to it."),
    "heads-in-lengths": _shared("The length of g_j counts its own head, which the other task does not use, so that too little of the conflict is removed.", "Look at which parameters |g_j| runs over.",
                                "Inner products and lengths run over what the task itself uses."),
    "shared-by-all-only": _shared("Only parameters that all tasks use are projected, so what two of three tasks share is left in conflict.", "Look at which parameters count as shared.",
                                  "Shared is meant pair by pair."),
    "absent-as-zeros": _shared("Absent gradients become zeros: parameters that nothing uses get a gradient of 0, which lets Adam decay them, and means are divided by too many.", "Look at what happens to None.",
                               "A parameter that no task uses keeps None.", 15),
    "gradients-overwritten": _shared("The tasks' own gradients are changed, so nobody can use them again.", "Look for operations in place on what is given.", "Write into new tensors."),
    **SURGERY,
}
