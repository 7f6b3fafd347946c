"""Wrong and rewritten versions of the updates around surgery; what is said about each is in bank/surgery_updates.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

IF = 'if surgeon.reading == "fresh":'
CLEAR, AGAIN = "gradients.clear()  # their memory is free before new graphs are built", "gradients = task_gradients(thunks, surgeon, accumulation, backward, again=True)[1]"
FIRST, NEXT, LOOP = "steps_along(surgeon.parameters, gradients, [first], step)", "steps_along(surgeon.parameters, gradients, [merge], step)", "for merge in rest:"
ZERO = "zero_grad()\n    losses, gradients"
PROJECTED = "return lambda gradients: pcgrad(gradients, surgeon.generator)"
VACCINE = "merged, surgeon.targets = gradvac(gradients, surgeon.targets, surgeon.generator)"
BACKWARD = "losses[task] = accumulate(thunk.again if again else thunk, accumulation, backward)"
GSE_ROW, SUMMED_ROW = "return gse_merges(surgeon.generator)", "return total, total"
PCGRAD_ROW, TWICE_ROW = "return (_projected(surgeon),)", "return _projected(surgeon), _projected(surgeon)"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.surgery_updates", old, new) for old, new in zip(changes[::2], changes[1::2]))


WRONG = {
    "fresh-is-stale": _edit(IF, "if False:"),
    "stale-is-fresh": _edit(IF, "if True:"),
    "readings-exchanged": _edit(IF, 'if surgeon.reading == "stale":'),
    "fresh-of-new-batches": _edit(AGAIN, AGAIN.replace(", again=True", "")),
    "fresh-added-to-stale": _edit(CLEAR, "pass", AGAIN, AGAIN.replace("= ", "= gradients + ", 1)),
    "fresh-losses-told": _edit(AGAIN, "losses, gradients = task_gradients(thunks, surgeon, accumulation, backward, again=True)"),
    "old-gradients-kept": _edit(ZERO, "losses, gradients"),
    "second-step-missing": _edit(LOOP, "for merge in ():"),
    "second-step-like-the-first": _edit(NEXT, FIRST),
    "first-step-twice": _edit(FIRST, FIRST.replace("[first]", "[first, first]")),
    "gse-plain-first": _edit(GSE_ROW, GSE_ROW + "[::-1]"),
    "gse-projected-summed": _edit(GSE_ROW, "return (_projected(surgeon), total)"),
    "gse-without-surgery": _edit(GSE_ROW, SUMMED_ROW),
    "summed-twice-once": _edit(SUMMED_ROW, "return (total,)"),
    "summed-twice-projected": _edit(SUMMED_ROW, TWICE_ROW),
    "pcgrad-twice-once": _edit(TWICE_ROW, PCGRAD_ROW),
    "pcgrad-twice-with-a-plain-step": _edit(TWICE_ROW, "return (_projected(surgeon), total)"),
    "pcgrad-without-surgery": _edit(PROJECTED, "return total"),
    "pcgrad-averaged": _edit(PROJECTED, PROJECTED.replace("generator)", 'generator, "mean")')),
    "accumulation-ignored": _edit(BACKWARD, BACKWARD.replace("accumulation, ", "1, ")),
    "backward-ignored": _edit(BACKWARD, BACKWARD.replace(", backward", "")),
    "gradvac-targets-forgotten": _edit(VACCINE, "merged, _ = gradvac(gradients, surgeon.targets, surgeon.generator)"),
    "gradvac-targets-begin-at-one": _edit("surgeon.targets = torch.zeros(len(gradients), len(gradients), dtype=torch.float64)",
                                          "surgeon.targets = 1 - 1e-6 * torch.ones(len(gradients), len(gradients), dtype=torch.float64)"),
}

RIGHT = {
    "a pass before every step but the first": _edit(
        FIRST, "pass", LOOP, "for number, merge in enumerate((first, *rest)):", IF, 'if number and surgeon.reading == "fresh":'),
    "the old gradients replaced without being cleared": _edit(CLEAR, "pass"),
    "the plain sum by hand": _edit(SUMMED_ROW, "return (lambda gradients: [sum(each for each in entry if each is not None) for entry in zip(*gradients)],) * 2"),
    "targets set with the first merge": _edit(VACCINE, "merged, moved = gradvac(gradients, surgeon.targets, surgeon.generator)\n        surgeon.targets = moved"),
}
