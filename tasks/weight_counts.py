"""How many numbers a model has, and whose they are: what all tasks share, what each has for itself, what never learns."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

FROZEN, SHARED, HEADS = "static (frozen)", "shared", "heads"


def weight_counts(model: nn.Module) -> dict[str, int]:
    """Owner -> numbers in its tensors: "shared", each task by its name, "static (frozen)", "heads", and "learning", those that are trained.

    What a task owns is its tower and its adapter; its head, its exits, and what heads share, count under "heads".
    """
    counts = {SHARED: 0}
    for name, parameter in model.named_parameters():
        counts[owner] = counts.get(owner := owner_of(name), 0) + parameter.numel()
    heads = counts.pop(HEADS, 0)
    return {**counts, HEADS: heads, "learning": sum(each.numel() for each in model.parameters() if each.requires_grad)}


def owner_of(name: str) -> str:
    """Whose the tensor called `name` is.

    >>> owner_of("towers.sst.layers.11.attention.query.weight"), owner_of("adapters.functions.sst.up.bias")
    ('sst', 'sst')
    """
    first, *rest = name.split(".")
    own = {"bert": SHARED, "static": FROZEN, "heads": HEADS, "relation": HEADS, "crossing": HEADS, "exits": HEADS, "certainty": HEADS}
    return own[first] if first in own else rest[first == "adapters"]  # towers.TASK., adapters.functions.TASK.


def weights_in_words(counts: Mapping[str, int]) -> str:
    """One line: "Weights: 88,218,624 shared, 21,854,208 each for sst, quora, sts, 5,383 in heads; all 153,786,631 learn."."""
    own = {name: count for name, count in counts.items() if name not in (SHARED, FROZEN, HEADS, "learning")}
    groups = {count: [name for name in own if own[name] == count] for count in own.values()}
    whole = sum(counts.values()) - counts["learning"]
    learning = f"all {whole:,} learn" if counts["learning"] == whole else f"{counts['learning']:,} of {whole:,} learn"
    parts = [f"{counts[SHARED]:,} shared" if counts[SHARED] else "none shared"]
    parts += [f"{count:,} {'each ' if len(names) > 1 else ''}for {', '.join(names)}" for count, names in groups.items()]
    parts += [f"{counts[FROZEN]:,} in a copy that stays as it was"] if FROZEN in counts else []
    return f"Weights: {', '.join(parts)}, {counts[HEADS]:,} in heads; {learning}."
