"""Wrong and rewritten versions of masking; what is said about each is in bank/masking.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "tasks.masking"
COIN = "return order < settings.rate"
WANTED = "wanted = (settings.rate * lengths).round().clamp(max=settings.most)"
RANKS = "return order.argsort(1).argsort(1) < wanted[:, None]"
LENGTHS = "(input_ids != tokenizer.pad_id).sum(1)"
BEHIND = "order = torch.rand(input_ids.shape, generator=generator, dtype=torch.float64).masked_fill(~words, 2.0)"
LEAST = "    chosen |= order == order.amin(1, keepdim=True)"
ONLY = "    chosen &= words"
FATE = "fate = torch.rand(input_ids.shape, generator=generator, dtype=torch.float64)"
CANDIDATES = "candidates = torch.tensor(sorted(set(range(tokenizer.vocab_size)) - set(special.tolist())))"
DRAWN = "random_words = candidates[torch.randint(len(candidates), input_ids.shape, generator=generator)]"
NEW = "new = input_ids.masked_fill(chosen & (fate < settings.masked), tokenizer.mask_id)"
REPLACED = "replaced = chosen & (fate >= settings.masked) & (fate < settings.masked + settings.replaced)"
RETURNED = "return Masked(torch.where(replaced, random_words, new), input_ids.masked_fill(~chosen, IGNORED))"
LABELS = "input_ids.masked_fill(~chosen, IGNORED)"
SPECIAL = "return tokenizer.pad_id, tokenizer.cls_id, tokenizer.sep_id, tokenizer.mask_id, tokenizer.unk_id"
NAMED = 'named_generator(seed, f"mask.{place}.{epoch % settings.copies}")'
ROW = "row[None, :length]"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _special(left_out: str) -> tuple[Edit, ...]:
    return _edit(SPECIAL, SPECIAL.replace(f"tokenizer.{left_out}, ", "").replace(f", tokenizer.{left_out}", ""))


WRONG = {
    "rate-fixed": _edit(COIN, "return order < 0.15"),
    "rate-inverted": _edit(COIN, "return order > settings.rate"),
    "count-rounded-down": _edit(WANTED, WANTED.replace(".round()", ".floor()")),
    "count-rounded-up": _edit(WANTED, WANTED.replace(".round()", ".ceil()")),
    "count-without-limit": _edit(WANTED, WANTED.replace(".clamp(max=settings.most)", "")),
    "count-of-the-longest": _edit(WANTED, WANTED.replace("lengths)", "lengths.amax().expand_as(lengths))")),
    "count-by-places": _edit(RANKS, "return order.argsort(1) < wanted[:, None]"),
    "count-of-the-largest": _edit(RANKS, "return (-order).argsort(1).argsort(1) < wanted[:, None]"),
    "count-with-padding": _edit(LENGTHS, "torch.full((len(input_ids),), input_ids.size(1))"),
    "count-of-words": _edit(LENGTHS, "words.sum(1)"),
    "no-text-guarded": _edit(LEAST, "    chosen |= False"),
    "special-token-of-an-empty-text": _edit(ONLY, "    chosen &= True"),
    "cls-chosen": _special("cls_id"),
    "sep-chosen": _special("sep_id"),
    "padding-chosen": _special("pad_id"),
    "unknown-words-chosen": _special("unk_id"),
    "all-masked": _edit(NEW, NEW.replace("chosen & (fate < settings.masked)", "chosen"), REPLACED, "replaced = torch.zeros_like(chosen)"),
    "none-replaced": _edit(REPLACED, "replaced = torch.zeros_like(chosen)"),
    "none-kept": _edit(REPLACED, "replaced = chosen & (fate >= settings.masked)"),
    "replaced-of-the-masked": _edit(REPLACED, "replaced = chosen & (fate < settings.replaced)"),
    "replaced-of-the-rest": _edit(REPLACED, "replaced = chosen & (fate >= settings.masked) & (torch.rand(fate.shape, generator=generator) < settings.replaced)"),
    "replaced-anywhere": _edit(REPLACED, REPLACED.replace("chosen & ", "words & ")),
    "masked-and-replaced-exchanged": _edit(NEW, NEW.replace("settings.masked", "settings.replaced"), REPLACED,
                                           "replaced = chosen & (fate >= settings.replaced) & (fate < settings.masked + settings.replaced)"),
    "mask-is-unknown-word": _edit(NEW, NEW.replace("mask_id", "unk_id")),
    "one-word-for-all": _edit(DRAWN, "random_words = candidates[torch.randint(len(candidates), (1,), generator=generator)].expand_as(input_ids)"),
    "replaced-by-neighbours": _edit(DRAWN, "random_words = input_ids.roll(1, 1)"),
    "one-fate-for-a-text": _edit(FATE, "fate = torch.rand((len(input_ids), 1), generator=generator, dtype=torch.float64).expand(input_ids.shape)"),
    "special-tokens-put-in": _edit(CANDIDATES, "candidates = torch.arange(tokenizer.vocab_size)"),
    "all-words-asked": _edit(LABELS, "input_ids.masked_fill(~words, IGNORED)"),
    "everything-asked": _edit(LABELS, "input_ids.clone()"),
    "others-asked": _edit(LABELS, "input_ids.masked_fill(chosen, IGNORED)"),
    "kept-not-asked": _edit(LABELS, "input_ids.masked_fill(~(chosen & (fate < settings.masked + settings.replaced)), IGNORED)"),
    "masked-only-asked": _edit(LABELS, "input_ids.masked_fill(~(chosen & (fate < settings.masked)), IGNORED)"),
    "answer-is-the-mask": _edit(LABELS, "new.masked_fill(~chosen, IGNORED)"),
    "padding-for-nothing-asked": _edit(LABELS, "input_ids.masked_fill(~chosen, 0)"),
    "changed-in-place": _edit(NEW, "labels = " + LABELS + "\n    " + NEW.replace("masked_fill", "masked_fill_"), LABELS + ")\n\n", "labels)\n\n"),
    "one-mask-for-ever": _edit(BEHIND, "generator = torch.Generator().manual_seed(0)\n    " + BEHIND),
    "global-generator": _edit(BEHIND, BEHIND.replace("generator=generator, ", "")),
    "kept-mask-never-changes": _edit(NAMED, 'named_generator(seed, f"mask.{place}")'),
    "kept-mask-always-new": _edit(NAMED, 'named_generator(seed, f"mask.{place}.{epoch}")'),
    "kept-mask-of-no-text": _edit(NAMED, 'named_generator(seed, f"mask.{epoch % settings.copies}")'),
    "kept-mask-of-the-batch": _edit(NAMED, 'named_generator(seed, f"mask.{len(rows)}.{epoch % settings.copies}")'),
    "kept-mask-without-seed": _edit(NAMED, 'named_generator(0, f"mask.{place}.{epoch % settings.copies}")'),
    "kept-mask-with-padding": _edit("length = int((row != tokenizer.pad_id).sum())", "length = len(row)"),
    "kept-labels-shifted": _edit("padded[1][:length] = masked.input_ids[0], masked.labels[0]", "padded[1][:length] = masked.input_ids[0], masked.labels[0].roll(1)"),
}

RIGHT = {
    "special tokens one by one": _edit("words = ~torch.isin(input_ids, special)", "words = torch.ones_like(input_ids, dtype=torch.bool)\n    for number in special.tolist():\n"
                                       "        words = words & (input_ids != number)"),
    "ranks by topk": _edit(RANKS, "return torch.zeros_like(order).scatter(1, order.argsort(1), torch.arange(order.size(1), dtype=order.dtype).expand_as(order)) < wanted[:, None]"),
    "labels by torch.where": _edit(LABELS, "torch.where(chosen, input_ids, torch.full_like(input_ids, IGNORED))"),
    "fates the other way round": _edit(FATE, FATE.replace("torch.rand(", "1 - torch.rand(")),
    "random words first": _edit(FATE, "numbers = torch.randint(10**6, input_ids.shape, generator=generator)\n    " + FATE,
                                DRAWN, "random_words = candidates[numbers % len(candidates)]"),
    "coins of float32": _edit(BEHIND, "order = torch.rand(input_ids.shape, generator=generator).double()\n    order[~words] = 2.0"),
}
