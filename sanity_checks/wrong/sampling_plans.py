"""Wrong and rewritten versions of the sampling plans; what is said about each is in bank/sampling_plans.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "tasks.sampling_plans"
POWERS = "powers = torch.tensor(list(sizes.values()), dtype=torch.float64) ** alpha"
SHARES = "return powers / powers.sum()"
ONLY = "    if epochs == 1:\n        return 1.0  # the line from 1 to .2 has no second point\n"
FALLING = "return 1 - FALL * min(epoch, epochs - 1) / (epochs - 1)"
OWN = "return len(sizes) * max(1, min(size // batch_size for size in sizes.values()))"
TURNS = "return [(names[step % len(names)],) for step in range(epoch * steps, (epoch + 1) * steps)]"
DRAWN = "drawn = torch.multinomial(probabilities(sizes, alpha), steps, replacement=True, generator=generator)"
STEPS = "return [(names[task],) for task in drawn.tolist()]"
ANNEALED = "return proportional(sizes, batch_size, iterations, epoch, generator, annealed_alpha(epoch, epochs))"
BOTH = "names, steps = list(sizes), iterations or own_steps(sizes, batch_size)"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


WRONG = {
    "alpha-ignored": _edit(POWERS, POWERS.replace("** alpha", "** 1.0")),
    "alpha-inverted": _edit(POWERS, POWERS.replace("** alpha", "** (1 - alpha)")),
    "alpha-multiplied": _edit(POWERS, POWERS.replace("** alpha", "* alpha")),
    "alpha-halved": _edit(POWERS, POWERS.replace("** alpha", "** (alpha / 2)")),
    "alpha-from-logarithms": _edit(POWERS, POWERS.replace("** alpha", ".log() ** alpha")),
    "small-tasks-first": _edit(POWERS, POWERS.replace("** alpha", "** -alpha")),
    "power-of-the-share-not-normalised": _edit(SHARES, "return torch.tensor(list(sizes.values()), dtype=torch.float64).div(sum(sizes.values())) ** alpha"),
    "not-normalised": _edit(SHARES, "return powers"),
    "softmax-of-powers": _edit(SHARES, "return powers.softmax(0)"),
    "divided-by-the-largest": _edit(SHARES, "return powers / powers.max()"),
    "epochs-from-minus-one": _edit(FALLING, "return 1 - FALL * (min(epoch, epochs - 1) - 1) / (epochs - 1)"),
    "epochs-from-one": _edit(FALLING, "return 1 - FALL * min(epoch + 1, epochs - 1) / (epochs - 1)"),
    "last-epoch-not-reached": _edit(FALLING, "return 1 - FALL * min(epoch, epochs - 1) / epochs"),
    "one-epoch-divides-by-zero": _edit(ONLY, ""),
    "one-epoch-has-the-last-exponent": _edit(ONLY, ONLY.replace("return 1.0", "return 1.0 - FALL")),
    "past-the-end-below": _edit(FALLING, "return 1 - FALL * epoch / (epochs - 1)"),
    "falls-to-zero": _edit(FALLING, FALLING.replace("FALL * ", "")),
    "falls-by-a-fifth": _edit(FALLING, FALLING.replace("FALL", "(1 - FALL)")),
    "rises": _edit(FALLING, "return 1 - FALL + FALL * min(epoch, epochs - 1) / (epochs - 1)"),
    "falls-by-halves": _edit(FALLING, "return max(1 - FALL, 0.5**epoch)"),
    "falls-in-a-curve": _edit(FALLING, "return (1 - FALL) ** (min(epoch, epochs - 1) / (epochs - 1))"),
    "steps-of-one-task": _edit(OWN, OWN.replace("len(sizes) * ", "")),
    "longest-decides": _edit(OWN, OWN.replace("min(size", "max(size")),
    "all-batches-counted": _edit(OWN, "return sum(size // batch_size for size in sizes.values())"),
    "batches-rounded-up": _edit(OWN, OWN.replace("size // batch_size", "-(-size // batch_size)")),
    "batch-size-ignored": _edit(OWN, OWN.replace("size // batch_size", "size")),
    "small-task-gives-nothing": _edit(OWN, "return len(sizes) * min(size // batch_size for size in sizes.values())"),
    "turn-never-advances": _edit(TURNS, "return [(names[0],) for step in range(steps)]"),
    "turn-starts-anew": _edit(TURNS, "return [(names[step % len(names)],) for step in range(steps)]"),
    "turn-by-epoch": _edit(TURNS, "return [(names[epoch % len(names)],) for step in range(steps)]"),
    "turn-takes-all": _edit(TURNS, "return [tuple(names)] * steps"),
    "turn-in-blocks": _edit(TURNS, "return [(names[step * len(names) // steps],) for step in range(steps)]"),
    "iterations-ignored": _edit(BOTH, BOTH.replace("iterations or ", "")),
    "iterations-for-each-task": _edit(BOTH, BOTH.replace("iterations or", "len(sizes) * iterations or")),
    "one-task-for-the-epoch": _edit(STEPS, "return [(names[drawn[0]],)] * steps"),
    "largest-only": _edit(DRAWN, "drawn = probabilities(sizes, alpha).argmax().expand(steps)"),
    "drawn-uniformly": _edit(DRAWN, "drawn = torch.randint(len(names), (steps,), generator=generator)"),
    "not-shuffled": _edit(STEPS, "return [(names[task],) for task in sorted(drawn.tolist())]"),
    "global-generator": _edit(DRAWN, DRAWN.replace(", generator=generator", "")),
    "fixed-seed": _edit(DRAWN, DRAWN.replace("generator=generator", "generator=torch.Generator().manual_seed(0)")),
    "epoch-as-seed": _edit(DRAWN, DRAWN.replace("generator=generator", "generator=torch.Generator().manual_seed(epoch)")),
    "all-tasks-in-each-step": _edit(STEPS, "return [tuple(names) for task in drawn.tolist()]"),
    "name-without-tuple": _edit(STEPS, "return [names[task] for task in drawn.tolist()]"),
    "annealed-always-proportional": _edit(ANNEALED, "return proportional(sizes, batch_size, iterations, epoch, generator)"),
    "annealed-always-even": _edit(ANNEALED, ANNEALED.replace("annealed_alpha(epoch, epochs)", "1 - FALL")),
    "annealed-forgets-iterations": _edit(ANNEALED, ANNEALED.replace("iterations", "0")),
}

RIGHT = {
    "a softmax of logarithms": _edit(SHARES, "return torch.softmax(powers.log(), 0)"),
    "powers by logarithms": _edit(POWERS, "powers = torch.exp(alpha * torch.log(torch.tensor(list(sizes.values()), dtype=torch.float64)))"),
    "the exponent as an interpolation": _edit(FALLING, "done = min(epoch, epochs - 1) / (epochs - 1)\n    return (1 - done) * 1.0 + done * (1.0 - FALL)"),
    "epochs counted from one inside": _edit(ONLY + "    " + FALLING, "    e = min(epoch, epochs - 1) + 1\n    return 1.0 - 0.8 * (e - 1) / max(1, epochs - 1)"),
    "uniform numbers and a search": _edit(DRAWN, "drawn = torch.searchsorted(probabilities(sizes, alpha).cumsum(0), torch.rand(steps, generator=generator, dtype=torch.float64)).clamp(max=len(names) - 1)"),
    "a loop of draws": _edit(DRAWN, "drawn = torch.stack([torch.multinomial(probabilities(sizes, alpha), 1, generator=generator)[0] for _ in range(steps)])"),
    "turns by cycle": _edit(TURNS, "import itertools\n    return [(name,) for name in itertools.islice(itertools.cycle(names), epoch * steps, (epoch + 1) * steps)]"),
}
