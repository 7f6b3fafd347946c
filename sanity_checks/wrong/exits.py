"""Wrong and rewritten versions of exits; what is said about each is in bank/exits.py and bank/exits_leaving.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

EXITS, EARLY = "tasks.exits", "tasks.exit_inference"
COPIES = "self.parts = nn.ModuleList(copy.deepcopy(part.pooler).requires_grad_(True) for part in path.parts)"
POOLED = "pooled = self.pooler(states) if self.pooler is not None else POOLINGS[self.pooling](plain, attention_mask)"
FEATURES = "features = combine(*split_siamese(pooled), self.pair_features) if self.pair_features else pooled  # (B, F)\n        return AtExit"
COUNT = "for layer in range(1, depth(model.paths.of(name))))"
HEAD = 'head = LinearHead(width, task.num_outputs, dropout, named_generator(seed, f"exit.{task.name}.{layer}"))'
OWN = 'pooler = OwnPooler(path) if own_pooler and settings.pooling == "pooler" else None'
EMBED = "hidden = model.embed(batch) if embeddings is None else embeddings"
NEXT = "states = next(walk).output if layer <= max(asked, default=0) else None  # (R, T, C)\n"
ASKED = "if layer not in asked:"
SAYS = "yield exits[layer - 1](states, mask) if layer <= len(exits) else last_exit(model, task, states, mask)"
LAST = "return AtExit(features, model.answer(task.name, features))"
EVERY = "return torch.stack([found.logits for found in walk_exits(model, exits, batch)], dim=1)"
STATES = "states = next(walk).output  # (R', T, C)"
GONE = "gone = torch.ones_like(active, dtype=torch.bool) if layer == len(paths) else leaves(found)"
WRITE = "logits[active[gone]], layers[active[gone]] = said[gone], layer"
ROWS = "rows = stay.repeat(2) if siamese else stay"
SHRINK = "active, mask, found = active[stay], mask[rows], [AtExit(each.features[stay], each.logits[stay]) for each in found]"
ABOVE = "walk = paths[layer].walk(states[rows], mask, first_only)"
EMPTY = "said.new_empty("
HEATED = "[each.logits / heat for each, heat in zip(found, temperatures)]"
LEARNED = "learned = self.certainties[name](found[-1].features)"
ANSWER = "return exits[layer - 1](states, mask) if layer <= len(exits) else last_exit(self.model, task, states, mask)"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _exit(*changes: str) -> tuple[Edit, ...]:
    return _in(EXITS, *changes)


def _early(*changes: str) -> tuple[Edit, ...]:
    return _in(EARLY, *changes)


WRONG = {
    "reads-the-layer-below": _exit(NEXT, "below, states = (hidden if layer == 1 else states), next(walk).output if layer <= max(asked, default=0) else None\n", SAYS, SAYS.replace("exits[layer - 1](states", "exits[layer - 1](below")),
    "heads-upside-down": _exit(SAYS, SAYS.replace("exits[layer - 1]", "exits[-layer]")),
    "first-head-for-all": _exit(SAYS, SAYS.replace("exits[layer - 1]", "exits[0]")),
    "head-of-the-exit-below": _exit(SAYS, SAYS.replace("exits[layer - 1]", "exits[layer - 2]")),
    "last-head-replaced": _exit(SAYS, "yield exits[min(layer, len(exits)) - 1](states, mask)"),
    "asked-though-they-do-not-count": _exit(ASKED, "if False:", NEXT, "states = next(walk).output\n"),
    "layers-above-computed": _exit(NEXT, "states = next(walk).output\n"),
    "given-embeddings-ignored": _exit(EMBED, "hidden = model.embed(batch)"),
    "states-detached": _exit(SAYS, SAYS.replace("exits[layer - 1](states", "exits[layer - 1](states.detach()")),
    "one-pooler-for-all-exits": _exit(OWN, 'pooler = model.__dict__.setdefault("pooler_of_exits", OwnPooler(path)) if own_pooler and settings.pooling == "pooler" else None'),
    "pooler-of-the-encoder": _exit(COPIES, "self.parts = nn.ModuleList(part.pooler for part in path.parts)"),
    "pooler-from-scratch": _exit(COPIES, COPIES.replace("copy.deepcopy(part.pooler)", "copy.deepcopy(part.pooler).apply(lambda each: each.reset_parameters() if isinstance(each, nn.Linear) else None)")),
    "pooler-frozen-with-the-encoder": _exit(COPIES, COPIES.replace(".requires_grad_(True)", "")),
    "pooler-skipped": _exit(POOLED, "pooled = POOLINGS[self.pooling](plain, attention_mask)"),
    "pooled-twice": _exit(POOLED, POOLED.replace("self.pooler(states)", "self.pooler(self.pooler(states)[:, None])")),
    "padding-pooled": _exit(POOLED, POOLED.replace("attention_mask)", "torch.ones_like(attention_mask))")),
    "neighbours-paired": _exit(FEATURES, FEATURES.replace("*split_siamese(pooled)", "pooled[::2], pooled[1::2]")),
    "pairs-turned-round": _exit(FEATURES, FEATURES.replace("*split_siamese(pooled)", "*reversed(split_siamese(pooled))")),
    "last-pair-turned-round": _exit("features = combine(*split_siamese(pooled), model.settings.pair_features)", "features = combine(*reversed(split_siamese(pooled)), model.settings.pair_features)"),
    "exit-beside-the-last-head": _exit(COUNT, COUNT.replace("depth(model.paths.of(name))", "depth(model.paths.of(name)) + 1")),
    "all-heads-start-alike": _exit(HEAD, HEAD.replace(".{layer}", "")),
    "exits-without-dropout": _exit(HEAD, HEAD.replace("dropout,", "0.0,")),
    "last-exit-through-an-exit": _exit(LAST, "return AtExit(features, model.exits[task.name][-1].head(features))"),
    "exits-along-the-batch": _exit(EVERY, EVERY.replace("dim=1", "dim=0")),
    "exits-from-the-top": _exit(EVERY, EVERY.replace("walk_exits(model, exits, batch)]", "walk_exits(model, exits, batch)][::-1]")),
    "leaving-reads-the-layer-below": _early(STATES, "below, states = (hidden if layer == 1 else states), next(walk).output", "answer(layer, states, mask), layer)",
                                            "answer(layer, below if len(below) == len(states) and layer < len(paths) else states, mask), layer)"),
    "answers-in-the-places-left": _early(WRITE, "places = torch.arange(len(active), device=active.device)[gone]\n        logits[places], layers[places] = said[gone], layer", EMPTY, "said.new_zeros("),
    "answers-from-the-front": _early(WRITE, "logits[active[gone]], layers[active[gone]] = said[: int(gone.sum())], layer"),
    "who-left-is-computed-on": _early(GONE, "gone = torch.ones_like(active, dtype=torch.bool) if layer == len(paths) else leaves(found)\n        new = gone & (layers[active] == len(paths))",
                                      WRITE, "logits[active[new]], layers[active[new]] = said[new], layer", "if gone.any():", "if False:"),
    "last-answer-for-all": _early(GONE, GONE + "\n        last = layer == len(paths)", WRITE, "logits[active[gone]] = said[gone]\n        layers[active[gone]] = layer",
                                  "if gone.all():", "if last:", "if gone.any():", "if False:"),
    "mask-not-compacted": _early(SHRINK, SHRINK.replace("mask[rows]", "mask[: int(rows.sum())]")),
    "halves-leave-apart": _early(ROWS, "rows = stay.repeat_interleave(2) if siamese else stay"),
    "second-sentences-from-the-end": _early(ROWS, "rows = torch.cat([stay, stay.flip(0)]) if siamese else stay"),
    "history-not-compacted": _early(SHRINK, SHRINK.replace("each.features[stay], each.logits[stay]", "each.features[: int(stay.sum())], each.logits[: int(stay.sum())]")),
    "history-forgotten": _early(SHRINK, "active, mask, found = active[stay], mask[rows], []"),
    "layer-computed-twice": _early(ABOVE, ABOVE.replace("paths[layer]", "paths[layer - 1]")),
    "walk-from-the-bottom": _early(ABOVE, ABOVE.replace("paths[layer]", "paths[0]")),
    "layers-from-0": _early(WRITE, WRITE.replace("= said[gone], layer", "= said[gone], layer - 1")),
    "all-wait-for-the-last": _early(GONE, GONE.replace("else leaves(found)", "else leaves(found).all().expand(len(active))")),
    "all-leave-with-the-first": _early(GONE, GONE.replace("else leaves(found)", "else leaves(found).any().expand(len(active))")),
    "last-exit-asked": _early(GONE, "gone = leaves(found)", EMPTY, "said.new_zeros("),
    "layers-go-on-for-nobody": _early("if gone.all():\n            break\n        if gone.any():", "if gone.any() and layer < len(paths):"),
    "no-number-accepted": _early("if not found.logits.isfinite().all():", "if False:"),
    "position-0-forgotten": _early(ABOVE, "walk = paths[layer].walk(states[rows], mask)"),
    "heat-multiplied": _early(HEATED, HEATED.replace("each.logits / heat", "each.logits * heat")),
    "first-temperature-for-all": _early(HEATED, HEATED.replace("each.logits / heat", "each.logits / temperatures[0]")),
    "temperatures-from-the-top": _early(HEATED, HEATED.replace("zip(found, temperatures)", "zip(found, reversed(temperatures))")),
    "temperatures-ignored": _early(HEATED, "[each.logits for each in found]"),
    "answers-calibrated-too": _early(ANSWER, "heat = self.temperatures.get(batch.task, [1.0] * 9)[layer - 1]\n            found = " + ANSWER.removeprefix("return ") + "\n            return AtExit(found.features, found.logits / heat)"),
    "certainty-of-the-first-exit": _early(LEARNED, LEARNED.replace("found[-1]", "found[0]")),
    "history-of-one": _early("return rule(Seen(history,", "return rule(Seen(history[-1:],"),
}  # fmt: skip

RIGHT = {
    "leaving: torch.where": _early(SHRINK, "place = torch.where(stay)[0]\n            active, mask, found = active[place], mask[rows], [AtExit(each.features[place], each.logits[place]) for each in found]"),
    "leaving: rows joined": _early(ROWS, "rows = torch.cat([stay, stay]) if siamese else stay"),
    "leaving: index_copy": _early(WRITE, "logits = logits.index_copy(0, active[gone], said[gone])\n        layers = layers.index_fill(0, active[gone], layer)"),
    "exits: by number": _exit(SAYS, "if layer == depth(path):\n                yield last_exit(model, task, states, mask)\n            else:\n                yield exits[layer - 1](states, mask)"),
    "exits: a list of logits": _exit(EVERY, "found = []\n    for each in walk_exits(model, exits, batch):\n        found.append(each.logits[:, None])\n    return torch.cat(found, dim=1)"),
    "exits: chunks": _exit(FEATURES, FEATURES.replace("*split_siamese(pooled)", "*pooled.chunk(2)")),
    "poolers: frozen copies thawed one by one": _exit(COPIES, "self.parts = nn.ModuleList([copy.deepcopy(part.pooler) for part in path.parts])\n        for parameter in self.parts.parameters():\n            parameter.requires_grad = True"),
}  # fmt: skip
