"""Wrong and rewritten versions of sharing; what is said about each is in bank/sharing.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

SHARING, SIDE = "minbert.sharing", "minbert.side_by_side"
OWN = "own, sharing = range(self.first_own, len(bert.layers)), self.sharing"
COPY = "return copy.deepcopy(nn.ModuleDict(tower))"
FIRST = "self.first_own = depth - sharing.own_layers"
LAYERS = 'layers = [*self.bert.layers[: self.first_own], *tower["layers"].values()]'
PATH = 'own = borrowed(self.bert, layers, tower.get("embeddings"), tower.get("pooler"))'
BESIDE = "return SideBySide((own, *companion[self.sharing.companion]))"
STATIC = "self.bert = copy.deepcopy(bert).requires_grad_(False).eval()"
OF = "return self._paths[task]"
TRUNK = 'return borrowed(bert, bert.layers[: self.first_own], embeddings, Elsewhere("pooler") if self.sharing.own_pooler else None)'
JOINED = "return states[0] if len(states) == 1 else torch.cat(list(states), dim)"
SPLIT = "return states.split([part.config.hidden_size for part in self.parts], dim=-1)"
ENCODE = "outputs = [part.encode(own, attention_mask, first_only, need_weights, keep_states) for part, own in zip(self.parts, self._split(embeddings))]"
POOLED = "joined([output.pooler_output for output in outputs]),"
WALKS = "walks = [part.walk(own, attention_mask, first_only, need_weights) for part, own in zip(self.parts, self._split(hidden))]"
EMBED = "return joined([up_to(part.embeddings, point, input_ids, token_type_ids) for part in self.parts])"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _sharing(*changes: str) -> tuple[Edit, ...]:
    return _in(SHARING, *changes)


WRONG = {
    "one-layer-under-many-names": _sharing(COPY, "return nn.ModuleDict(tower)"),
    "lowest-layers-own": _sharing(OWN, OWN.replace("range(self.first_own, len(bert.layers))", "range(len(bert.layers) - self.first_own)"),
                                  LAYERS, 'layers = [*tower["layers"].values(), *self.bert.layers[len(self.bert.layers) - self.first_own :]]'),
    "one-layer-too-few": _sharing(FIRST, FIRST + " + (0 < sharing.own_layers < depth)"),
    "one-layer-too-many": _sharing(FIRST, FIRST + " - (0 < sharing.own_layers < depth)"),
    "towers-on-top-of-all-layers": _sharing(LAYERS, LAYERS.replace("[: self.first_own]", ""), TRUNK, TRUNK.replace("bert.layers[: self.first_own]", "bert.layers")),
    "tower-skipped": _sharing(LAYERS, "layers = [*self.bert.layers[: self.first_own]]"),
    "trunk-skipped": _sharing(LAYERS, 'layers = [*tower["layers"].values()] or [*self.bert.layers]'),
    "tower-upside-down": _sharing(LAYERS, LAYERS.replace('*tower["layers"].values()', '*reversed(tower["layers"].values())')),
    "tower-before-trunk": _sharing(LAYERS, 'layers = [*tower["layers"].values(), *self.bert.layers[: self.first_own]]'),
    "first-tower-for-all": _sharing("tower = dict(self.towers[task].items())", "tower = dict(next(iter(self.towers.values())).items())"),
    "pooler-always-shared": _sharing('tower |= {"pooler": bert.pooler} if sharing.own_pooler else {}', "", 'Elsewhere("pooler") if self.sharing.own_pooler else None', "None"),
    "pooler-never-shared": _sharing("if sharing.own_pooler else {}", "", 'Elsewhere("pooler") if self.sharing.own_pooler else None', 'Elsewhere("pooler")'),
    "own-pooler-not-used": _sharing(PATH, PATH.replace('tower.get("pooler")', "self.bert.pooler"), TRUNK, TRUNK.replace('Elsewhere("pooler") if self.sharing.own_pooler else None', "None")),
    "embeddings-always-shared": _sharing('tower |= {"embeddings": bert.embeddings} if sharing.own_embeddings else {}', "", 'Elsewhere("embeddings") if self.sharing.own_embeddings else None', "None"),
    "embeddings-always-own": _sharing("if sharing.own_embeddings else {}", "", 'Elsewhere("embeddings") if self.sharing.own_embeddings else None', 'Elsewhere("embeddings")'),
    "whole-encoder-kept-beside-towers": _sharing("self.bert = bert if sharing.companion == \"shared\" else self._without_towers(bert)", "self.bert = bert"),
    "path-copied": _sharing(OF, "return SideBySide(tuple(copy.deepcopy(part) for part in self._paths[task].parts))"),
    "companion-forgotten": _sharing(BESIDE, "return SideBySide((own,))"),
    "companion-first": _sharing(BESIDE, "return SideBySide((*companion[self.sharing.companion], own))"),
    "own-encoder-twice": _sharing(BESIDE, "return SideBySide((own, *(own for _ in companion[self.sharing.companion])))"),
    "static-in-train-mode": _sharing("super().train(False)", "super().train(mode)"),
    "static-learns": _sharing(STATIC, STATIC.replace(".requires_grad_(False)", "")),
    "static-is-no-copy": _sharing(STATIC, "self.bert = bert"),
    "static-freezes-the-other": _sharing(STATIC, STATIC.replace("copy.deepcopy(bert)", "bert")),
    "joined-along-tokens": _in(SIDE, "torch.cat(list(states), dim)", "torch.cat(list(states), 1)"),
    "averaged-for-joined": _in(SIDE, "torch.cat(list(states), dim)", "(sum(states) / len(states)).repeat_interleave(len(states), -1)"),
    "companion-joined-first": _in(SIDE, "torch.cat(list(states), dim)", "torch.cat(list(reversed(states)), dim)"),
    "interleaved": _in(SIDE, "torch.cat(list(states), dim)", "torch.stack(list(states), -1).flatten(-2) if dim == -1 else torch.cat(list(states), dim)"),
    "first-embeddings-for-both": _in(SIDE, SPLIT, "return (states[..., : self.parts[0].config.hidden_size],) * len(self.parts)"),
    "embedded-by-the-first": _in(SIDE, EMBED, EMBED.replace("part.embeddings", "self.parts[0].embeddings")),
    "mask-for-the-first-only": _in(SIDE, ENCODE, ENCODE.replace("own, attention_mask", "own, attention_mask if part is self.parts[0] else None")),
    "mask-forgotten-in-the-walk": _in(SIDE, WALKS, WALKS.replace("own, attention_mask", "own, None")),
    "pooled-by-the-first-twice": _in(SIDE, POOLED, "joined([outputs[0].pooler_output for output in outputs]),"),
    "pooled-from-joined-states": _in(SIDE, POOLED, "joined([part.pooler(outputs[0].last_hidden_state) for part in self.parts]),"),
    "states-of-the-first-only": _in(SIDE, "joined([output.last_hidden_state for output in outputs])", "joined([outputs[0].last_hidden_state] * len(outputs))"),
    "walk-of-the-first-only": _in(SIDE, "joined([step.output for step in steps])", "joined([steps[0].output] * len(steps))"),
    "width-of-one": _in(SIDE, "return sum(part.config.hidden_size for part in self.parts)", "return self.parts[0].config.hidden_size"),
}

RIGHT = {
    "each layer copied by itself": _sharing(COPY, "return nn.ModuleDict({name: copy.deepcopy(part) for name, part in tower.items()})"),
    "layers by a loop": _sharing(LAYERS, 'layers = []\n        for number in range(self.first_own):\n            layers.append(self.bert.layers[number])\n        layers += list(tower["layers"].values())'),
    "the static copy frozen one by one": _sharing(STATIC, "self.bert = copy.deepcopy(bert).eval()\n        for parameter in self.bert.parameters():\n            parameter.requires_grad = False"),
    "chunks": _in(SIDE, SPLIT, "return states.chunk(len(self.parts), dim=-1)"),
    "concatenated in every case": _in(SIDE, JOINED, "return torch.concatenate(tuple(states), dim=dim)"),
}
