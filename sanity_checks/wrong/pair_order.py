"""Wrong and rewritten versions of reading pairs in either order; what is said about each is in bank/pair_order.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

GROUPED = '[(tuple(found),) if pairs == "cross" else tuple((one,) for one in found) for found in pieces]'
TYPES = "token_types=tuple(tuple(types for _, types in built) for built in assembled)"
ASKED = 'if both_orders and pairs == "cross" and task.is_pair:'
TURNED = "[found[::-1] for found in pieces]"
SOURCES = "sources = [encoded.swapped if turned else encoded for turned in swapped] or [encoded] * len(indices)"
SEGMENTS = "types = [source.token_types[index][part] for source, index, part in places]"
PLACES = "for part in range(per_example) for source, index in zip(sources, indices)]"
COIN = "turned = (torch.rand(len(encoded), generator=own) < 0.5).tolist() if encoded.swapped else []"
USED = "return [(batch, [turned[index] for index in batch] if turned else []) for batch in batches]"
SECOND = "logits = (logits + over_split(model, encoded.swapped, batch_size, device, progress, world)[0]) / 2"
OTHER = "over_split(model, encoded.swapped, batch_size, device, progress, world)[0]"


def _edit(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(f"tasks.{module}", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _coin(drawn: str) -> tuple[Edit, ...]:
    return _edit("streams", COIN, f"turned = ({drawn}).tolist() if encoded.swapped else []")


def _mean(new: str) -> tuple[Edit, ...]:
    return _edit("evaluate", SECOND, f"logits = {new.format(other=OTHER)}")


WRONG = {
    "segments-all-zero": _edit("encoding", TYPES, "token_types=tuple(tuple([0] * len(ids) for ids, _ in built) for built in assembled)"),
    "segments-all-one": _edit("encoding", TYPES, "token_types=tuple(tuple([1] * len(ids) for ids, _ in built) for built in assembled)"),
    "segments-inverted": _edit("encoding", TYPES, "token_types=tuple(tuple([1 - each for each in types] for _, types in built) for built in assembled)"),
    "segments-of-the-other-order": _edit("batching", SEGMENTS, "types = [encoded.token_types[index][part] for _, index, part in places]"),
    "second-order-is-the-first": _edit("encoding", TURNED, "pieces"),
    "second-order-of-words": _edit("encoding", TURNED, "[[part[::-1] for part in found] for found in pieces]"),
    "second-order-with-old-segments": _edit("encoding", "max_length, pairs, truncation)\n    return _assembled", "max_length, pairs, truncation)\n        from dataclasses import replace\n"
                                            "        swapped = replace(swapped, token_types=_assembled(split, pieces, tokenizer, task, max_length, pairs, truncation).token_types)\n    return _assembled"),
    "second-order-of-siamese-pairs": _edit("encoding", ASKED, "if both_orders and task.is_pair:"),
    "second-order-unasked": _edit("encoding", ASKED, 'if pairs == "cross" and task.is_pair:'),
    "crossed-pairs-apart": _edit("encoding", GROUPED, "[tuple((one,) for one in found) for found in pieces]"),
    "siamese-pairs-joined": _edit("encoding", GROUPED, "[(tuple(found),) for found in pieces]"),
    "crossed-without-second": _edit("encoding", GROUPED, GROUPED.replace("(tuple(found),)", "((found[0],),)")),
    "turned-ignored": _edit("batching", SOURCES, "sources = [encoded] * len(indices)"),
    "turned-inverted": _edit("batching", SOURCES, SOURCES.replace("encoded.swapped if turned else encoded", "encoded if turned else encoded.swapped")),
    "turned-all-together": _edit("batching", SOURCES, SOURCES.replace("if turned else", "if any(swapped) else")),
    "siamese-rows-alternate": _edit("batching", PLACES, "for source, index in zip(sources, indices) for part in range(per_example)]"),
    "coin-never": _coin("torch.zeros(len(encoded)) > 0"),
    "coin-always": _coin("torch.ones(len(encoded)) > 0"),
    "coin-for-all": _coin("torch.rand((), generator=own).expand(len(encoded)) < 0.5"),
    "coin-for-a-batch": _edit("streams", USED, "return [(batch, [turned[batch[0]]] * len(batch) if turned else []) for batch in batches]"),
    "coin-once-and-for-all": _coin("torch.rand(len(encoded), generator=torch.Generator().manual_seed(0)) < 0.5"),
    "coin-not-from-generator": _coin("torch.rand(len(encoded)) < 0.5"),
    "coin-of-the-place": _edit("streams", USED, "return [(batch, [place % 2 == 1 for place, _ in enumerate(batch)] if turned else []) for batch in batches]"),
    "coin-loaded": _coin("torch.rand(len(encoded), generator=own) < 0.05"),
    "scores-second-order-ignored": _mean("logits"),
    "scores-second-order-only": _mean("{other}"),
    "scores-added": _mean("logits + {other}"),
    "scores-largest": _mean("torch.maximum(logits, {other})"),
    "scores-difference": _mean("(logits - {other}) / 2"),
    "scores-of-probabilities": _mean("(logits.sigmoid() + {other}.sigmoid()) / 2"),
    "scores-decided-first": _mean("(decide(task.kind, logits) + decide(task.kind, {other})) / 2 if task.kind == 'binary' else (logits + {other}) / 2"),
    "scores-in-random-order": _edit("evaluate", SECOND, f"logits = torch.where(torch.rand(len(logits)) < 0.5, logits, {OTHER})"),
}

RIGHT = {
    "the mean of a stack": _mean("torch.stack([logits, {other}]).mean(0)"),
    "weights of a half": _mean("0.5 * logits + 0.5 * {other}"),
    "coins of whole numbers": _coin("torch.randint(2, (len(encoded),), generator=own).bool()"),
    "coins by bernoulli": _coin("torch.empty(len(encoded)).bernoulli_(0.5, generator=own) > 0"),
    "turned by reversed": _edit("encoding", TURNED, "[list(reversed(found)) for found in pieces]"),
    "sources in a loop": _edit("batching", SOURCES, "sources = [(encoded, encoded.swapped)[bool(turned)] for turned in (swapped or [False] * len(indices))]"),
}
