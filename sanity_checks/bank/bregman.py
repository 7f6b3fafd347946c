"""What is said about the mistakes of the Bregman term and its teacher."""

from __future__ import annotations

from sanity_checks.bank import Mistake

TERM = ("In bregman, bregman_term.", "D = distance(f(x; theta), f(x; teacher)): the teacher's answer is a constant, the student's is not.")
FOLLOW = ("In bregman, follow.", "teacher <- beta teacher + (1 - beta) student: beta is how much of the teacher is kept.")
MOMENTUM = ("In bregman, momentum.", "beta is `early` in the first `switch` share of the updates, then `late`.")


def _term(says: str, look: str, line: str, seen: int = 0) -> Mistake:
    return Mistake(says, look, *TERM, line, seen=seen)


def _follow(says: str, look: str, line: str, severity: str = "error", seen: int = 0, fact: str = "") -> Mistake:
    return Mistake(says, look, *FOLLOW, line, severity, seen, fact)


def _momentum(says: str, look: str, line: str, severity: str = "error") -> Mistake:
    return Mistake(says, look, *MOMENTUM, line, severity)


WEIGHTS = "Look at the two weights: they add up to 1."
OWN = "The teacher needs memory of its own; copy numbers into it."

MISTAKES: dict[str, Mistake] = {
    "memory-rebound": _follow("The teacher gets new tensors instead of changed numbers: the same values, but views of it and whoever holds its memory no longer follow.",
                              "Nothing to do for a plain teacher.", "An operation in place (its name ends in an underscore) keeps the memory.", "note"),
    "teacher-not-detached": _term("The gradient also flows into the teacher's answer, so the teacher is pulled to the student.", "Look for detach() or no_grad() on the teacher's scores.",
                                  "Hold the teacher's answer constant.", 1),
    "student-detached": _term("It is the student's answer that is held constant, so the term pulls the teacher instead.", "Look at which of the two is detached.", "Detach the teacher's answer only."),
    "both-detached": _term("The term has the right value and no gradient at all, so it has no effect.", "Look for detach() or no_grad() around the whole.", "The student's answer keeps its graph."),
    "arguments-exchanged": _term("The distance gets the teacher's answer first; a one-sided one is then another distance.", "Look at the order of the two answers.", "The student's answer comes first."),
    "distance-to-itself": _term("The student is compared with itself, so the term is always 0.", "Look at the second argument of the distance.", "The second answer is the teacher's."),
    "squared-instead-of-distance": _term("The answers are compared by squared difference, whatever distance was asked for.", "Look at the distance: it is an argument.", "Call the distance that was given."),
    "softmax-before-distance": _term("The answers go through a softmax before the distance, which does that itself; for a regression it is 0 for ever.", "Look at what the distance is given.",
                                     "Hand raw scores to the distance.", 1),
    "divided-twice": _term("The distance is an average already and is divided by the batch size once more.", "Look for a division.", "Return what the distance says."),
    "beta-swapped": _follow("The two weights are exchanged: the teacher keeps 1 - beta of itself, so with beta 0.99 it follows almost at once.", WEIGHTS, "The large weight beta stays with the teacher."),
    "beta-tenth": _follow("Beta arrives as a tenth of itself (0.99 as 0.099), so the teacher follows at once.", "Look at what happens to beta before it is used.", "Use beta as it is given.", seen=2),
    "beta-fixed": _follow("The weight is 0.99, whatever beta is given.", "Look for a number in the place of beta.", "Use the argument."),
    "student-not-weighted": _follow("The whole student is added to the shrunken teacher, so the teacher grows with every update.", WEIGHTS, "The student counts 1 - beta."),
    "teacher-not-weighted": _follow("The student's share is added to a teacher that has not shrunk, so it grows with every update.", WEIGHTS, "The teacher keeps beta of itself."),
    "not-written-back": _follow("The new value is computed and thrown away: the teacher never moves.", "Look for an underscore that is missing at the end of an operation's name.",
                                "Write the new value into the teacher's tensor."),
    "copied": _follow("The teacher is a copy of the student after every update: beta does nothing, and the term is always 0 one step later.", "Look for beta: is it used?",
                      "Mix; do not copy."),
    "student-moves": _follow("It is the student that moves towards the teacher.", "Look at which tensor is written to.", "Only the teacher changes."),
    "both-move": _follow("The student becomes the teacher as well, which undoes its training.", "Look at which tensors are written to.", "Only the teacher changes."),
    "moves-away": _follow("The teacher moves away from the student: the sign of the step is turned around.", "Look at the sign of what is added.", "Step towards the student."),
    "averaged": _follow("Teacher and student are averaged half and half, whatever beta is.", "Look for beta: is it used?", "Weights are beta and 1 - beta."),
    "first-tensor-only": _follow("Only the first tensor of the teacher follows; the loop is left after it.", "Look for a return, or an indentation, inside the loop.", "Go through all tensors."),
    "aliased": _follow("With beta 0 the teacher takes over the student's memory, so from then on it moves with every step of the optimizer.", "Look at how beta 0 is treated.", OWN,
                       seen=2, fact="the teacher has memory of its own after an update with beta 0"),
    "aliased-always": _follow("The teacher takes over the student's memory (teacher = student's data): it moves with every step of the optimizer, and the term is 0 for ever.",
                              "Look for an assignment of .data, or a set_().", OWN, seen=2),
    "graph-kept": _follow("The update is recorded for backward, so the teacher drags a longer graph along with every step.", "Look for torch.no_grad() around the update.",
                          "The teacher is never differentiated: update it without a graph.", seen=1),
    "whole-numbers-left": _follow("Tensors of whole numbers (counters, position ids) keep their old values: the teacher's buffers go stale.", "Look at what happens to tensors that are not floating point.",
                                  "Whole numbers cannot be mixed: copy them."),
    "whole-numbers-averaged": _follow("Tensors of whole numbers are mixed and cut off, which gives numbers that neither model has.", "Look at what happens to tensors that are not floating point.",
                                      "Whole numbers cannot be mixed: copy them."),
    "alias-accepted": _follow("A teacher that shares its memory with the student is accepted without a word, and nothing is ever far from it.", "Look for the check of shared memory.",
                              "Refuse a tensor that lies where the student's lies.", "option", 2),
    "empty-refused": _follow("A tensor without numbers is taken for one that is shared.", "Tensors of size 0 may all lie at address 0.", "Only tensors that hold numbers can share them.", "option"),
    "limits-not-checked": _follow("A beta below 0 or above 1 is accepted, and the teacher runs away.", "Look for the check of beta.", "Refuse what is not in 0..1.", "option"),
    "lengths-not-checked": _follow("Of two lists of different lengths the rest is silently left out.", "Look at zip.", "Refuse lists of different lengths.", "option"),
    "momentum-reversed": _momentum("The late momentum is used early and the early one late.", "Look at the two branches.", "A young teacher follows faster, so `early` is the smaller one."),
    "momentum-always-late": _momentum("The momentum is always the late one.", "Look for the switch.", "Before the switch it is `early`."),
    "momentum-always-early": _momentum("The momentum is always the early one.", "Look for the switch.", "After the switch it is `late`."),
    "momentum-switch-by-number": _momentum("The switch comes at a fixed update, however many there are in total.", "Look at what the switch is multiplied by.", "`switch` is a share of all updates."),
    "momentum-switch-late": _momentum("The switch comes one update late.", "Look at < and <=: updates are counted from 0.", "With 20 updates and a switch of 0.1, updates 0 and 1 are early."),
    "momentum-gradual": _momentum("The momentum grows little by little instead of switching.", "Look at how early and late are combined.", "It takes two values only."),
    "momentum-complement": _momentum("1 - beta is returned instead of beta.", "Look at what beta means: the share of the teacher that is kept.", "Return the large number."),
    "momentum-arguments-fixed": _momentum("The numbers of the paper are used, whatever early, late and switch are given.", "Look for numbers in the place of arguments.", "Use the arguments.", "option"),
}
