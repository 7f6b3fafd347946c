"""Wrong and rewritten versions of joining pairs and of looking across; what is said about each is in bank/joined_pairs.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

APART = "return join(bert.embed(first_ids, torch.zeros_like(first_ids)), first_mask, bert.embed(second_ids, second_types), second_mask)"
FIRST = "bert.embed(second_ids, second_types)"
DROP = "second_ids, second_mask = second_ids[:, 1:], second_mask[:, 1:]"
BOTH = "torch.cat([first_mask, second_mask], dim=1))"
JOIN = "return Joined(torch.cat([first, second], dim=1), " + BOTH
WHICH = 'if second_cls == "dropped":  # everything'
ROLL = "        second_ids = second_ids.roll(-1, dims=1)\n"
SHIFT = "second_mask = torch.cat([second_mask[:, 1:], torch.zeros_like(second_mask[:, :1])], dim=1)"
SEGMENTS = 'segments[len(first_ids) :] = int(types == "segments")'
CUT = "order = order[:, : max(1, int(joined.attention_mask.ne(0).sum(dim=1).max()))]"
CLOSED = "return Joined(embeddings, joined.attention_mask.gather(1, order))"
HALVES = "first, second = rows.chunk(2)"

EMBED = "return self.inner.embed(ids, types, point)"
ONWARD = "return self.inner.onward(point, states, ids, types)"
READY = "return tuple(close_up(join_rows(embeddings, self._rows(attention_mask, attention_mask)[1])))"
STATES = "return path.ready(attention_mask[..., None], attention_mask)[1]"
WAYS = "if tasks[name].is_pair else path for name"
SETTINGS = "JoinedPath(path, settings.joined_types, settings.second_cls)"
ASKED = 'if settings.pairs != "joined":'

POOLED = "return POOLINGS[self.pooling](encode(*pair), pair.attention_mask)"
APART_FEATURES = 'encode(embeddings, mask), mask)), "all")'
OTHER = "other, other_mask = torch.cat(halves(own)[::-1]), torch.cat(halves(mask)[::-1])"
SEEN = "seen = self.look(own, other, attention_bias(other_mask, own.dtype)).output"
MEAN = 'return combine(*halves(masked_mean(own + seen, mask)), "all")'
SILENT = "        nn.init.zeros_(self.look.output.weight)"
DRAWN = "initialise(self.look, std, generator)"
FORKED = "with torch.random.fork_rng(devices=[]):"


def _order(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("minbert.embedding_order", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _path(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.joined_path", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _cross(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.cross_embedding", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _ready(changed: str) -> tuple[Edit, ...]:
    return _path(READY, changed)


WRONG = {
    "positions-go-on": _order(FIRST, "bert.embed(second_ids, second_types, torch.arange(second_ids.size(1)) + first_ids.size(1))"),
    "segment-of-the-first-for-both": _order(FIRST, "bert.embed(second_ids, torch.zeros_like(second_ids))"),
    "second-cls-dropped-after-embedding": _order("        " + DROP, "        pass", FIRST + ", second_mask)", '*((bert.embed(second_ids, second_types)[:, 1:], second_mask[:, 1:]) if second_cls == "dropped" else (bert.embed(second_ids, second_types), second_mask)))'),
    "first-cls-dropped-instead": _order(DROP, "first_ids, first_mask = first_ids[:, 1:], first_mask[:, 1:]"),
    "mask-of-the-first-alone": _order(BOTH, "torch.cat([first_mask, torch.ones_like(second_mask)], dim=1))"),
    "mask-of-the-second-alone": _order(BOTH, "torch.cat([torch.ones_like(first_mask), second_mask], dim=1))"),
    "mask-from-the-lengths": _order(BOTH, "(torch.arange(first.size(1) + second.size(1)) < (first_mask.sum(1) + second_mask.sum(1))[:, None]).long())"),
    "second-before-first": _order(JOIN, "return Joined(torch.cat([second, first], dim=1), torch.cat([second_mask, first_mask], dim=1))"),
    "second-before-first-with-the-old-mask": _order(JOIN, "return Joined(torch.cat([second, first], dim=1), torch.cat([first_mask, second_mask], dim=1))"),
    "second-cls-kept-and-dropped-exchanged": _order(WHICH, 'if second_cls != "dropped":  # everything'),
    "last-token-hidden-for-the-cls": _order(ROLL, ""),
    "dropped-cls-comes-back-at-the-end": _order(SHIFT, "second_mask = second_mask"),
    "segments-all-zero": _order(SEGMENTS, "segments[:] = 0"),
    "segments-exchanged": _order(SEGMENTS, 'segments[: len(first_ids)] = int(types == "segments")'),
    "segments-all-one": _order(SEGMENTS, 'segments[:] = int(types == "segments")'),
    "segments-never-zero": _order(SEGMENTS, "segments[len(first_ids) :] = 1"),
    "cut-to-the-shortest-pair": _order(CUT, CUT.replace(".max()", ".min()")),
    "tokens-turned-round": _order(CLOSED, "return Joined(embeddings.flip(1), joined.attention_mask.gather(1, order).flip(1))"),
    "mask-stays-when-pairs-close-up": _order(CLOSED, "return Joined(embeddings, joined.attention_mask[:, : order.size(1)])"),
    "neighbours-taken-for-pairs": _order(HALVES, "first, second = rows[::2], rows[1::2]"),
    "types-of-the-batch": _path(EMBED, "return self.inner.embed(ids, token_type_ids, point)"),
    "positions-go-on-in-rows": _path(EMBED, "import torch\n        return torch.cat(self.inner.embed(torch.cat(ids.chunk(2), 1), torch.cat(types.chunk(2), 1), point).chunk(2, 1))"),
    "second-cls-embedded-all-the-same": _path(EMBED, "return self.inner.embed(input_ids, types, point)"),
    "point-ignored": _path(EMBED, "return self.inner.embed(ids, types)"),
    "onward-by-the-types-of-the-batch": _path(ONWARD, "return self.inner.onward(point, states, ids, token_type_ids)"),
    "normalised-twice": _ready("import torch.nn.functional as F\n        " + READY.replace("join_rows(embeddings,", "join_rows(F.layer_norm(embeddings.double(), embeddings.shape[-1:]),")),
    "pads-left-in-the-middle": _ready(READY.replace("close_up(", "(")),
    "mask-of-rows-for-pairs": _path(STATES, "return attention_mask"),
    "texts-of-one-joined-too": _path(WAYS, "for name"),
    "joined-unasked": _path(ASKED, "if False:"),
    "settings-of-joining-ignored": _path(SETTINGS, "JoinedPath(path)"),
    "pooled-over-the-first-alone": _cross(POOLED, "return POOLINGS[self.pooling](encode(*pair), torch.cat([halves(mask)[0], halves(mask)[1] * 0], 1))"),
    "pooled-over-pads": _cross(POOLED, "return POOLINGS[self.pooling](encode(*pair), torch.ones_like(pair.attention_mask))"),
    "pads-read-by-the-encoder": _cross(POOLED, POOLED.replace("encode(*pair)", "encode(pair.embeddings, None)")),
    "features-without-product": _cross(APART_FEATURES, APART_FEATURES.replace("all", "sbert")),
    "asks-with-the-partner": _cross(SEEN, "seen = self.look(other, own, attention_bias(mask, own.dtype)).output"),
    "looks-at-itself": _cross(SEEN, "seen = self.look(own, own, attention_bias(mask, own.dtype)).output"),
    "mask-of-the-own-text": _cross(SEEN, SEEN.replace("other_mask", "mask")),
    "partner-pads-seen": _cross(SEEN, "seen = self.look(own, other, None).output"),
    "only-the-first-looks": _cross(SEEN, SEEN + "\n        seen = torch.cat([halves(seen)[0], halves(seen)[1] * 0])"),
    "own-text-forgotten": _cross(MEAN, MEAN.replace("own + seen", "seen")),
    "pooled-by-the-mask-of-the-partner": _cross(MEAN, MEAN.replace("seen, mask", "seen, other_mask")),
    "attention-starts-loud": _cross(SILENT, "        pass"),
    "attention-not-from-generator": _cross(DRAWN, "initialise(self.look, std)"),
    "attention-moves-global-numbers": _cross(FORKED, "if True:"),
}  # fmt: skip

RIGHT = {
    "joined by hstack": _order(JOIN, "return Joined(torch.hstack([first, second]), torch.hstack([first_mask, second_mask]))"),
    "halves by numbers": _order(HALVES, "half = len(rows) // 2\n    first, second = rows[:half], rows[half:]"),
    "segments by where": _order(SEGMENTS, 'segments = torch.cat([torch.zeros_like(first_ids), torch.full_like(second_ids, 1 if types == "segments" else 0)])'),
    "partners by roll": _cross(OTHER, "other, other_mask = own.roll(len(own) // 2, 0), mask.roll(len(mask) // 2, 0)"),
    "features by hand": _cross(MEAN, "u, v = halves(masked_mean(own + seen, mask))\n        return torch.cat([u, v, (u - v).abs(), u * v], -1)"),
}
