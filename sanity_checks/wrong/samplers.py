"""Wrong and rewritten versions of the samplers; what is said about each is in bank/samplers.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.samplers", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _shuffled(text: str) -> tuple[Edit, ...]:
    return (Edit("tasks.samplers", "", text, body="shuffled"),)


def _stream(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.streams", old, new),)


FEWEST = "min(size // batch_size for size in sizes.values())"
TOGETHER = "return [tuple(sizes)] * (iterations or own)"
CEILED = "range(-(-size // batch_size))"
PERMUTED = "torch.randperm(len(pool), generator=generator).tolist()"

WRONG = {
    "longest-decides": _edit(FEWEST, FEWEST.replace("min(", "max(")),
    "sum-decides": _edit(FEWEST, FEWEST.replace("min(", "sum(")),
    "first-task-decides": _edit(FEWEST, "next(iter(sizes.values())) // batch_size"),
    "average-decides": _edit(FEWEST, "sum(sizes.values()) // len(sizes) // batch_size"),
    "batches-rounded-up": _edit(FEWEST, "min(-(-size // batch_size) for size in sizes.values())"),
    "batch-size-ignored": _edit(FEWEST, "min(sizes.values())"),
    "small-task-gives-nothing": _edit("max(1, " + FEWEST + ")", FEWEST),
    "one-step-too-many": _edit(TOGETHER, "return [tuple(sizes)] * (iterations or own + 1)"),
    "iterations-ignored": _edit(TOGETHER, "return [tuple(sizes)] * own"),
    "iterations-capped": _edit(TOGETHER, "return [tuple(sizes)] * min(iterations or own, own)"),
    "tasks-in-turn": _edit(TOGETHER, "return [(name,) for _ in range(iterations or own) for name in sizes]"),
    "last-task-dropped": _edit(TOGETHER, "return [tuple(sizes)[: max(1, len(sizes) - 1)]] * (iterations or own)"),
    "smallest-task-dropped": _edit(TOGETHER, "return [tuple(name for name in sizes if len(sizes) == 1 or sizes[name] > min(sizes.values()))] * (iterations or own)"),
    "last-batch-lost": _edit(CEILED, "range(size // batch_size or 1)"),
    "one-batch-per-example": _edit(CEILED, "range(size)"),
    "one-batch-too-many": _edit(CEILED, "range(size // batch_size + 1)"),
    "each-task-equally-often": _edit(CEILED, "range(-(-sum(sizes.values()) // len(sizes) // batch_size))"),
    "as-often-as-the-smallest": _edit(CEILED, "range(-(-min(sizes.values()) // batch_size))"),
    "as-often-as-the-largest": _edit(CEILED, "range(-(-max(sizes.values()) // batch_size))"),
    "first-task-only": _edit("for name, size in sizes.items() for _", "for name, size in list(sizes.items())[:1] for _"),
    "all-tasks-in-each-step": _edit("pool = [(name,)", "pool = [tuple(sizes)"),
    "name-without-tuple": _edit("pool = [(name,)", "pool = [name"),
    "not-shuffled": _edit(PERMUTED, "range(len(pool))"),
    "blocks-shuffled": _edit(PERMUTED, "(lambda ranks: sorted(range(len(pool)), key=lambda place: ranks[pool[place][0]]))"
                             "(dict(zip(sizes, torch.rand(len(sizes), generator=generator).tolist())))"),
    "interleaved": _edit(PERMUTED, "sorted(range(len(pool)), key=lambda place: pool[:place].count(pool[place]))"),
    "global-generator": _edit(PERMUTED, "torch.randperm(len(pool)).tolist()"),
    "fixed-seed": _edit(PERMUTED, "torch.randperm(len(pool), generator=torch.Generator().manual_seed(0)).tolist()"),
    "epoch-as-seed": _edit(PERMUTED, "torch.randperm(len(pool), generator=torch.Generator().manual_seed(epoch)).tolist()"),
    "drawn-with-replacement": _edit(PERMUTED, "torch.randint(len(pool), (len(pool),), generator=generator).tolist()"),
    "iterations-not-cut": _edit("return steps[: iterations or None]", "return steps"),
    "iterations-ignored-by-shuffled": _edit("len(steps) < (iterations or 1)", "len(steps) < 1", "return steps[: iterations or None]", "return steps"),
    "pool-not-repeated": _edit("len(steps) < (iterations or 1)", "len(steps) < 1"),
    "pool-repeated-in-one-order": _edit(f"        steps += [pool[place] for place in {PERMUTED}]", f"        steps += steps or [pool[place] for place in {PERMUTED}]"),
    "place-not-restored": _stream("self.position = position\n", "pass\n"),
    "generator-not-restored": _stream('self._generator.set_state(state["generator"])', "pass"),
}

RIGHT = {
    "batches counted one by one": _edit(CEILED, "range(0, size, batch_size)"),
    "sorted by random numbers": _edit(PERMUTED, "torch.rand(len(pool), generator=generator).argsort().tolist()"),
    "Python's shuffle with a drawn seed": _shuffled("""
        import random
        chance = random.Random(int(torch.randint(2**31, (1,), generator=generator)))
        steps = []
        while True:
            pool = [(name,) for name, size in sizes.items() for _ in range((size + batch_size - 1) // batch_size)]
            chance.shuffle(pool)
            steps.extend(pool)
            if len(steps) >= iterations:
                return steps[:iterations] if iterations else steps"""),
    "numpy's ceil": _edit(CEILED, "range(int(torch.ceil(torch.tensor(size / batch_size))))"),
    "a loop over steps": _edit(TOGETHER, "steps = []\n    for _ in range(iterations if iterations else own):\n        steps.append(tuple(sizes.keys()))\n    return steps"),
    "lists for tuples": _edit("pool = [(name,)", "pool = [[name]", TOGETHER, "return [list(sizes) for _ in range(iterations or own)]"),
}
