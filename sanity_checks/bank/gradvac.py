"""What is said about the mistakes of Gradient Vaccine."""

from __future__ import annotations

from sanity_checks.bank import Mistake

TURN, MERGE = "In gradvac (_vaccinate).", "In gradvac (gradvac)."
RULE = "Where r = cos(p_i, g_j) is below the target t: p_i += |p_i| (t sqrt(1 - r^2) - r sqrt(1 - t^2)) / (|g_j| sqrt(1 - t^2)) g_j."
TARGETS = "Each ordered pair has a target t, moved by t += rate (cos(g_i, g_j) - t), the cosine of the originals; 0 at first."


def _of(where: str, rule: str, table: dict[str, tuple[str, str, str]]) -> dict[str, Mistake]:
    """name -> (says, look, line), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line) for name, (says, look, line) in table.items()}


_TURN = _of(TURN, RULE, {
    "turned-when-above": ("Gradients that agree enough are turned, those below their target are not.", "Look at the comparison.", "Below the target is turned."),
    "turned-always": ("Every gradient is turned to its target, also away from a task with which it agrees more.", "Look for the comparison.", "Only below the target."),
    "turned-in-conflicts-only": ("Only gradients with a negative cosine are turned, as by PCGrad.", "Look at the comparison.", "Compare with the target instead of with 0."),
    "away-instead-of-towards": ("Gradients are turned away from each other.", "Look at the sign.", "Add a part of g_j."),
    "own-length-missing": ("The length of p_i is missing, so a long gradient is turned too little.", "Look at the lengths.", "The angle must not depend on lengths."),
    "other-length-missing": ("The length of g_j is missing, so a long neighbour counts more.", "Look at the lengths.", "Divide by it."),
    "lengths-exchanged": ("The two lengths are exchanged.", "Look at the lengths.", "Multiply by your own, divide by the other's."),
    "target-sine-missing": ("The result is not divided by the sine of the target.", "Look at the divisor.", "Divide by the other's length and by that sine."),
    "squares-for-sines": ("The squares of the sines are used instead of the sines.", "Look for a root that is missing.", "sin = sqrt(1 - cos^2)."),
    "sines-exchanged": ("The sine of the cosine and that of the target are exchanged.", "Look at which sine is whose.", "Each product takes the sine of the other."),
    "cosines-difference": ("The difference of the cosines is added, which does not reach the target.", "Look at the formula.", "Turning needs sines as well."),
    "own-gradient-scaled": ("A number is added to every task's weight, not to that of g_j alone.", "Look at what is changed.", "Only the part of g_j grows."),
})  # fmt: skip
_MERGE = _of(MERGE, RULE, {
    "never-turned": ("No gradient is turned: the plain sum comes back.", "Look at whether the target is used.", "Turn what is below its target."),
    "projected-as-by-pcgrad": ("Every target counts as 0, which is PCGrad.", "Look at which target is used.", "Use the pair's own."),
    "target-of-the-other": ("Task i is turned to the target of the pair (j, i).", "Look at the order of the two indices.", "Use the pair (i, j)."),
    "heads-in-lengths": ("Heads count in the lengths, so tasks seem to agree less than they do.", "Look at which parameters are compared.", "Those that task i uses."),
    "mean-of-all": ("The mean of the turned gradients comes back instead of their sum.", "Look at what is returned.", "Add them up."),
    "no-cosine-counts-as-zero": ("Two tasks that share nothing count as having cosine 0, which moves their target.", "Look at what is skipped.", "Without a cosine nothing is learned."),
})  # fmt: skip
_TARGETS = _of(MERGE, TARGETS, {
    "targets-stay": ("The targets never move.", "Look at the targets.", "Move each by a share of what it misses."),
    "targets-jump": ("A target becomes the newest cosine.", "Look at the rate.", "Move it by a share of what it misses."),
    "targets-rate-exchanged": ("rate and 1 - rate are exchanged.", "Look at the rate.", "A small rate moves slowly."),
    "targets-added-up": ("Cosines are added up without end: a target can leave -1..1.", "Look at how a target moves.", "Take off what it is already."),
    "targets-of-turned-gradients": ("Targets follow the cosines that turning has made.", "Look at which gradients are compared.", "Compare the originals."),
    "targets-follow-dot-products": ("Targets follow dot products, which have no bounds.", "Look for a division by lengths.", "A cosine is divided by both."),
    "targets-follow-conflicts-only": ("Cosines above 0 count as 0, so a target never rises.", "Look for a minimum or a comparison.", "Agreement counts as well."),
    "targets-before-the-turn": ("A target is moved before it is used.", "Look at the order of the two lines.", "Use it, then move it."),
    "targets-made-symmetric": ("The targets of (i, j) and (j, i) are made equal.", "Look at what is returned.", "Each ordered pair has its own."),
})  # fmt: skip
_GIVEN = Mistake("The targets that were given are changed.", "Look for a copy that is missing.", MERGE, TARGETS, "Change a copy.", fact="the given targets stay as they were")
MISTAKES: dict[str, Mistake] = _TURN | _MERGE | _TARGETS | {"targets-given-overwritten": _GIVEN}
