"""AdamW.step as a plain loop over groups and parameters, which is how students write it: wrong loops, and right ones."""

from __future__ import annotations

from sanity_checks.wrong import Edit

LOOP = """
loss = None
if closure is not None:
    with torch.enable_grad():
        loss = closure()
for group in self.param_groups:
    for parameter in group["params"]:
        if parameter.grad is None:
            continue
        own = self.state[parameter]
        if not own:
            own.update(t=0, m=torch.zeros_like(parameter), v=torch.zeros_like(parameter))
        own["t"] += 1
        t, m, v, slope, theta = own["t"], own["m"], own["v"], parameter.grad, parameter.data
        FORMS[group["form"]](theta, slope, m, v, t, group["lr"], group["betas"], group["eps"], group["weight_decay"], group["correct_bias"])
return loss
"""
PLAIN = Edit("optim.adamw", "", LOOP, body="AdamW.step")
INDENT = "\n" + " " * 16  # of a statement of the inner loop, where it stands in the class
CALL = 'FORMS[group["form"]](theta, slope, m, v, t, group["lr"], group["betas"], group["eps"], group["weight_decay"], group["correct_bias"])'
COUNT = 'own["t"] += 1'
GROUPS = "for group in self.param_groups:\n            for"
SKIP = "continue\n                own"


def _loop(*changes: str) -> tuple[Edit, ...]:
    """The plain loop with changes; one object for the loop itself, so that two wrong loops can be combined."""
    return (PLAIN, *(Edit("optim.adamw", old, new) for old, new in zip(changes[::2], changes[1::2])))


def _body(text: str) -> tuple[Edit, ...]:
    return (Edit("optim.adamw", "", text, body="AdamW.step"),)


WRONG_LOOPS = {
    "form-ignored": _loop("FORMS[group[\"form\"]]", "course_update"),
    "storage-rebound": _loop(CALL, "theta = theta.clone()" + INDENT + CALL + INDENT + "parameter.data = theta"),
    "first-parameter-only": _loop(CALL, CALL + INDENT + "return loss"),
    "first-group-only": _loop("\n        return loss\n", "\n            return loss\n"),
    "first-of-each-group-only": _loop(CALL, CALL + INDENT + "break"),
    "settings-of-first-group": _loop(GROUPS, 'for group in [self.param_groups[0] | {"params": each["params"]} for each in self.param_groups]:\n            for'),
    "settings-of-constructor": _loop(GROUPS, 'for group in [self.defaults | {"params": each["params"]} for each in self.param_groups]:\n            for'),
    "rate-of-first-group": _loop('t, group["lr"]', 't, self.param_groups[0]["lr"]'),
    "betas-fixed": _loop('group["betas"], group', "(0.9, 0.999), group"),
    "betas-swapped": _loop('group["betas"], group', 'group["betas"][::-1], group'),
    "epsilon-fixed": _loop('group["eps"], group', "1e-6, group"),
    "decay-for-matrices-only": _loop('group["weight_decay"], group["c', 'group["weight_decay"] * (parameter.dim() > 1), group["c'),
    "step-count-shared": _loop(GROUPS, 'self.t = getattr(self, "t", 0) + 1\n        ' + GROUPS, 'own["t"], own["m"]', 'self.t, own["m"]'),
    "step-count-per-parameter": _loop(COUNT, 'self.t = getattr(self, "t", 0) + 1', 'own["t"], own["m"]', 'self.t, own["m"]'),
    "step-count-in-group": _loop(GROUPS, GROUPS.replace("\n            for", '\n            group["t"] = group.get("t", 0) + 1\n            for'), 'own["t"], own["m"]', 'group["t"], own["m"]'),
    "step-not-kept": _loop(COUNT, 'own["t"] = 1'),
    "step-starts-at-two": _loop("own.update(t=0", "own.update(t=1"),
    "mean-not-kept": _loop('own["m"], own["v"], parameter', 'own["m"].clone(), own["v"], parameter'),
    "square-not-kept": _loop('own["m"], own["v"], parameter', 'own["m"], own["v"].clone(), parameter'),
    "state-not-kept": _loop("own = self.state[parameter]", "own = dict(self.state[parameter])"),
    "state-by-shape": _loop("own = self.state[parameter]", "own = self.state[parameter.shape]"),
    "state-not-saved": _loop("own = self.state[parameter]", 'own = self.__dict__.setdefault("own", defaultdict(dict))[parameter]'),
    "state-in-float32": _loop("m=torch.zeros_like(parameter), v=torch.zeros_like(parameter)", "m=torch.zeros(parameter.shape), v=torch.zeros(parameter.shape)", CALL,
                              'm.mul_(group["betas"][0]).add_((1 - group["betas"][0]) * slope), v.mul_(group["betas"][1]).add_((1 - group["betas"][1]) * slope**2)' + INDENT
                              + 'c1, c2 = bias_corrections(t, group["betas"], group["correct_bias"])' + INDENT
                              + 'theta -= group["lr"] * math.sqrt(c2) / c1 * m / (v.sqrt() + group["eps"])' + INDENT + 'theta -= group["lr"] * group["weight_decay"] * theta'),
    "averages-start-at-gradient": _loop("m=torch.zeros_like(parameter), v=torch.zeros_like(parameter)", "m=parameter.grad.clone(), v=parameter.grad**2"),
    "first-step-only-prepares": _loop("v=torch.zeros_like(parameter))", "v=torch.zeros_like(parameter)); continue"),
    "update-not-written": _loop("parameter.grad, parameter.data", "parameter.grad, parameter.data.clone()"),
    "whole-update-twice": _loop('for parameter in group["params"]:', 'for parameter in [each for each in group["params"] for _ in range(2)]:'),
    "corrected-rate-kept": _loop(CALL, 'c1, c2 = bias_corrections(t, group["betas"], group["correct_bias"])' + INDENT + 'group["lr"] *= math.sqrt(c2) / c1' + INDENT + CALL.replace('group["correct_bias"]', "False")),
    "gradient-clipped": _loop("v, slope, theta", "v, slope, theta", 'parameter.grad, parameter.data', "parameter.grad / parameter.grad.norm().clamp(min=1), parameter.data"),
    "gradient-cleared": _loop(CALL, CALL + INDENT + "parameter.grad = None"),
    "missing-gradient-ends-loop": _loop(SKIP, SKIP.replace("continue", "break")),
    "missing-gradient-is-zero": _loop(SKIP, SKIP.replace("continue", "parameter.grad = torch.zeros_like(parameter)")),
    "missing-gradient-decays": _loop(SKIP, SKIP.replace("continue", 'parameter.data.mul_(1 - group["lr"] * group["weight_decay"]); continue')),
    "correct-bias-off-skips": _loop(COUNT, 'if not group["correct_bias"]: continue' + INDENT + COUNT),
    "closure-without-gradients": _loop("with torch.enable_grad():\n                loss", "with torch.no_grad():\n                loss"),
    "closure-ignored": _loop("if closure is not None:", "if False:"),
    "closure-loss-lost": _loop("\n        return loss\n", "\n        return None\n"),
    "closure-twice": _loop("                loss = closure()", "                loss = closure(); loss = closure()"),
}

AVERAGES = """
        b1, b2 = group["betas"]
        own["m"] = b1 * own["m"] + (1 - b1) * parameter.grad
        own["v"] = b2 * own["v"] + (1 - b2) * parameter.grad ** 2
        alpha = group["lr"]
        if group["correct_bias"]:
            alpha = alpha * (1 - b2 ** own["t"]) ** 0.5 / (1 - b1 ** own["t"])
        parameter.data.addcdiv_(own["m"], own["v"] ** 0.5 + group["eps"], value=-float(alpha))
        if group["weight_decay"] > 0:
            parameter.data.add_(parameter.data, alpha=-group["lr"] * group["weight_decay"])
return loss
"""
INLINE = LOOP[: LOOP.index("        t, m, v")] + AVERAGES.lstrip("\n")

RIGHT_LOOPS = {
    "a plain loop around the formulas": (PLAIN,),
    "everything in the loop": _body(INLINE),
    "averages that start as 0.0": _body(INLINE.replace("torch.zeros_like(parameter)", "0.0")),
    "a step count that is a tensor": _body(INLINE.replace("t=0", "t=torch.zeros(())")),
    "with closures left to autograd": _body(LOOP.replace("with torch.enable_grad():\n        loss = closure()", "torch.set_grad_enabled(True)\n    loss = closure()\n    torch.set_grad_enabled(False)")),
    "powers of beta kept in the state": _body(INLINE.replace("t=0", "t=0, p1=1.0, p2=1.0").replace('(1 - b2 ** own["t"])', '(1 - own["p2"])').replace('(1 - b1 ** own["t"])', '(1 - own["p1"])')
                                              .replace('        own["m"] = b1', '        own["p1"] *= b1; own["p2"] *= b2\n        own["m"] = b1')),
}
