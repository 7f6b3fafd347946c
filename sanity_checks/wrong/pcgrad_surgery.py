"""Wrong and rewritten versions of GSE and of the wrapper around an optimizer: the half of wrong/pcgrad.py that changes optim/surgery.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MERGES = 'return (lambda gradients: pcgrad(gradients, generator, "mean")), total'
PUT = "put_gradients(parameters, merge(gradients))"
CLEARED = "        put_gradients(parameters, [None] * len(parameters))  # before the next is made: two merged gradients are never held together\n"
BEFORE = "before, gradients = take_gradients(parameters), []"
BACKWARD = "loss.backward(retain_graph=number < len(losses))"
TAKEN = "gradients.append(take_gradients(parameters))"
MERGED = "merged = pcgrad(gradients, self.generator, self.reduction)"
ADDED = "put_gradients(parameters, total([before, merged]))"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("optim.surgery", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _merges(new: str) -> tuple[Edit, ...]:
    return _edit(MERGES, "return " + new)


PROJECTED = 'lambda gradients: pcgrad(gradients, generator, "{}")'
ZEROS = "[torch.zeros_like(p) if g is None else g for p, g in zip(parameters, {})]"
LOOP = '''
for merge in merges:
    merged = merge(gradients)
    for parameter, entry in zip(parameters, merged):
        parameter.grad = entry
    step()
for parameter in parameters:
    parameter.grad = None
'''

WRONG_SURGERY = {
    "gse-second-step-missing": _edit("for merge in merges:", "for merge in merges[:1]:"),
    "gse-first-step-missing": _edit("for merge in merges:", "for merge in merges[1:]:"),
    "gse-steps-exchanged": _merges(f'total, ({PROJECTED.format("mean")})'),
    "gse-first-summed": _merges(f'({PROJECTED.format("sum")}), total'),
    "gse-first-plain": _merges("(lambda gradients: [None if e is None else e / 2 for e in total(gradients)]), total"),
    "gse-second-projected": _merges(f'({PROJECTED.format("mean")}), ({PROJECTED.format("sum")})'),
    "gse-second-projected-mean": _merges(f'({PROJECTED.format("mean")}), ({PROJECTED.format("mean")})'),
    "gse-second-mean": _merges(f'({PROJECTED.format("mean")}), (lambda gradients: [None if e is None else e / len(gradients) for e in total(gradients)])'),
    "gse-plain-twice": _merges("total, total"),
    "gse-steps-added": _edit(PUT, "put_gradients(parameters, total([[parameter.grad for parameter in parameters], merge(gradients)]))", CLEARED, ""),
    "gse-originals-overwritten": _edit(PUT, "merged = merge(gradients)\n        put_gradients(parameters, merged)\n        for gradient in gradients:\n            for entry, new in zip(gradient, merged):\n"
                                       "                if entry is not None:\n                    entry.copy_(new)"),
    "gse-gradients-left": _edit(CLEARED, ""),
    "wrapper-plain-sum": _edit(MERGED, "merged = total(gradients)"),
    "wrapper-reduction-ignored": _edit(MERGED, "merged = pcgrad(gradients, self.generator)"),
    "wrapper-reduction-by-truth": _edit(MERGED, 'merged = pcgrad(gradients, self.generator, "mean" if self.reduction else "sum")'),
    "wrapper-default-mean": _edit('reduction: str = "sum"', 'reduction: str = "mean"'),
    "wrapper-not-cleared-between-tasks": _edit(TAKEN, "gradients.append([None if parameter.grad is None else parameter.grad.clone() for parameter in parameters])"),
    "wrapper-accumulation-lost": _edit(ADDED, "put_gradients(parameters, merged)"),
    "wrapper-earlier-gradients-in-first-task": _edit("before, gradients = take_gradients(parameters), []", "before, gradients = [None] * len(parameters), []"),
    "wrapper-last-task-only": _edit(MERGED, "merged = gradients[-1]"),
    "wrapper-first-task-only": _edit(MERGED, "merged = gradients[0]"),
    "wrapper-retain-graph-missing": _edit(BACKWARD, "loss.backward()"),
    "wrapper-zeros-for-absent": _edit(ADDED, "put_gradients(parameters, " + ZEROS.format("total([before, merged])") + ")"),
    "wrapper-zeros-while-merging": _edit(TAKEN, "gradients.append(" + ZEROS.format("take_gradients(parameters)") + ")"),
    "wrapper-step-missing": _edit('"""One step of the optimizer."""\n        self.optimizer.step()', '"""One step of the optimizer."""'),
    "wrapper-zero-grad-missing": _edit("        self.optimizer.zero_grad(set_to_none=True)", "        pass"),
    "wrapper-steps-already": _edit(ADDED, ADDED + "\n        self.optimizer.step()"),
    "wrapper-state-empty": _edit("return self.optimizer.state_dict()", "return {}"),
    "wrapper-state-not-loaded": _edit("self.optimizer.load_state_dict(state)", "pass"),
}

RIGHT_SURGERY = {
    "gse: a loop over parameters": (Edit("optim.surgery", "", LOOP, body="steps_along"),),
    "gse: the sum by hand": _merges(f'({PROJECTED.format("mean")}), (lambda gradients: [sum(there[1:], there[0]) if (there := [e for e in entries if e is not None]) else None for entries in zip(*gradients)])'),
    "wrapper: autograd.grad": _edit(BACKWARD, "found = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)", TAKEN, "gradients.append(list(found))"),
    "wrapper: the graph always kept": _edit(BACKWARD, "loss.backward(retain_graph=True)"),
    "wrapper: gradients added in place": _edit(ADDED, "for parameter, old, new in zip(parameters, before, merged):\n            parameter.grad = new if old is None else old if new is None else old + new"),
}  # fmt: skip
