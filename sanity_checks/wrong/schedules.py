"""Wrong and rewritten versions of the linear schedule; what is said about each is in bank/schedules.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("optim.schedules", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _body(text: str) -> tuple[Edit, ...]:
    return (Edit("optim.schedules", "", text, body="linear"),)


ROUNDED = "round(warmup * total)"
END = "if t >= total:"
UP = "return t / warmup_updates"
DOWN = "return (total - t) / (total - warmup_updates)"
SET = 'group["lr"] = group["initial_lr"] * self.factor'

WRONG = {
    "half-update-rounded-up": _edit(ROUNDED, "int(warmup * total + 0.5)"),
    "warmup-missing": _edit(ROUNDED, "0"),
    "warmup-floored": _edit(ROUNDED, "int(warmup * total)"),
    "warmup-ceiled": _edit(ROUNDED, "-int(-(warmup * total) // 1)"),
    "warmup-not-rounded": _edit(ROUNDED, "warmup * total"),
    "warmup-at-least-one": _edit(ROUNDED, "max(1, round(warmup * total))"),
    "warmup-share-as-count": _edit(ROUNDED, "warmup"),
    "warmup-one-ahead": _edit(UP, "return (t + 1) / warmup_updates"),
    "warmup-never-full": _edit(UP, "return t / (warmup_updates + 1)"),
    "warmup-never-full-and-ahead": _edit(UP, "return (t + 1) / (warmup_updates + 1)"),
    "warmup-backwards": _edit(UP, "return 1 - t / warmup_updates"),
    "warmup-at-full-rate": _edit(UP, "return 1.0"),
    "warmup-at-rate-zero": _edit(UP, "return 0.0"),
    "warmup-of-whole-run": _edit(UP, "return t / total"),
    "decay-missing": _edit(DOWN, "return 1.0"),
    "decay-from-start": _edit(DOWN, "return (total - t) / total"),
    "decay-shifted": _edit(DOWN, "return (total - t + warmup_updates) / total"),
    "decay-too-steep": _edit(DOWN, "return (total - t - warmup_updates) / (total - warmup_updates)"),
    "decay-one-early": _edit(DOWN, "return (total - 1 - t) / max(1, total - 1 - warmup_updates)"),
    "decay-one-late": _edit(DOWN, "return (total + 1 - t) / (total + 1 - warmup_updates)"),
    "decay-above-zero": _edit(DOWN, "return max(0.2, (total - t) / (total - warmup_updates))"),
    "decay-upwards": _edit(DOWN, "return (t - warmup_updates) / (total - warmup_updates)"),
    "division-of-whole-numbers": _edit(UP, "return t // warmup_updates", DOWN, "return (total - t) // (total - warmup_updates)"),
    "negative-beyond-end": _edit(END, "if t == total:"),
    "full-rate-beyond-end": _edit(END + "  # first, because with warmup = 1 the last line would divide by 0 here\n        return 0.0", "if t > total:\n        return 1.0\n    if t == total:\n        return 0.0"),
    "starts-again-beyond-end": _edit("warmup_updates = " + ROUNDED, "t = t % total; warmup_updates = " + ROUNDED),
    "end-one-early": _edit(END, "if t >= total - 1:"),
    "rates-compound": _edit(SET, 'group["lr"] = group["lr"] * self.factor'),
    "group-ratios-lost": _edit(SET, 'group["lr"] = self.optimizer.param_groups[0]["initial_lr"] * self.factor'),
    "factor-as-rate": _edit(SET, 'group["lr"] = self.factor'),
    "first-group-only": _edit("for group in self.optimizer.param_groups:", "for group in self.optimizer.param_groups[:1]:"),
    "first-update-at-full-rate": _edit("self.updates_done = 0\n        self._apply()", "self.updates_done = 0"),
    "step-not-counted": _edit("self.updates_done += 1", "self.updates_done += 0"),
    "step-counted-twice": _edit("self.updates_done += 1", "self.updates_done += 2"),
    "rates-one-update-late": _edit("self.updates_done += 1\n        self._apply()", "self._apply()\n        self.updates_done += 1"),
    "position-not-restored": _edit("self.updates_done = done\n", "pass\n"),
    "rates-not-restored": _edit("self.updates_done = done\n        self._apply()", "self.updates_done = done"),
}

RIGHT = {
    "guards against dividing by zero": _body("""
        ramp = round(total * warmup)
        if t < ramp:
            return float(t) / float(max(1, ramp))
        return max(0.0, float(total - t) / float(max(1, total - ramp)))"""),
    "the smaller of two lines": _body("""
        ramp = round(total * warmup)
        rising = t / ramp if ramp else 1.0
        falling = (total - t) / (total - ramp) if total > ramp else float(t < total)
        return max(0.0, min(rising, falling) if total > ramp else rising * falling)"""),
    "one expression": _body("""
        ramp = round(warmup * total)
        return t / ramp if t < ramp else 1 - (t - ramp) / (total - ramp) if t < total else 0.0"""),
    "past the end first": _body("""
        left = total - t
        if left <= 0:
            return 0
        ramp = int(round(warmup * total))
        return t / ramp if t < ramp else left / (total - ramp)"""),
}
