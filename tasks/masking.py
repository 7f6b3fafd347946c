"""Which words are hidden for masked language modelling (Devlin et al. 2018, section 3.1).

    choose 15% of the words;  of the chosen ones  80% become [MASK],  10% a random word,  10% stay;  the label is what stood there

The tenth that stays is a target too: a model that saw only [MASK] at targets would learn that words it can read need no understanding.
Dynamic masks are drawn anew for each pass over the data; static ones were drawn once, a few copies of each text, and come round again.

Letters: B batch, T tokens, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from minbert.errors import UserError
from minbert.mlm import IGNORED
from minbert.tokenizer import Tokenizer
from tasks.seeds import named_generator


@dataclass(frozen=True)
class MaskSettings:
    """How words are chosen and what becomes of them."""

    rate: float = 0.15  # of a text's words
    masked: float = 0.8  # share of the chosen that become [MASK]
    replaced: float = 0.1  # share that become a random word; the rest stays
    choose: str = "each"  # a key of CHOOSERS
    most: int = 20  # choose = "count": at most so many in one text
    copies: int = 5  # static: how many masks a text has

    def __post_init__(self) -> None:
        if not (0 < self.rate <= 1 and 0 <= self.masked and 0 <= self.replaced and self.masked + self.replaced <= 1):
            raise UserError(f"got {self}, expected a rate above 0 and at most 1, and shares from 0 whose sum is at most 1.")
        if self.choose not in CHOOSERS or self.most < 1 or self.copies < 1:
            raise UserError(f"got {self}, expected choose to be one of {', '.join(CHOOSERS)}, and at least 1 for most and for copies.")


@dataclass(frozen=True)
class Masked:
    """One batch to learn from."""

    input_ids: Tensor  # (B, T) with [MASK] and random words in it
    labels: Tensor  # (B, T) what stood at the chosen places, -100 at all others


def each_word(order: Tensor, lengths: Tensor, settings: MaskSettings) -> Tensor:
    """Every word by its own coin (RoBERTa), and the unluckiest one where none came up: (B, T) uniform numbers -> (B, T) True where chosen."""
    return order < settings.rate


def by_count(order: Tensor, lengths: Tensor, settings: MaskSettings) -> Tensor:
    """round(rate * length) words of a text, its length (B,) with [CLS] and [SEP], and at most `most` of them: as Google's code made its data."""
    wanted = (settings.rate * lengths).round().clamp(max=settings.most)  # (B,)
    return order.argsort(1).argsort(1) < wanted[:, None]  # (B, T) ranks: the smallest numbers win, so none is chosen twice


CHOOSERS: Mapping[str, Callable[[Tensor, Tensor, MaskSettings], Tensor]] = {"each": each_word, "count": by_count}


def mask_words(input_ids: Tensor, tokenizer: Tokenizer, generator: torch.Generator, settings: MaskSettings | None = None) -> Masked:
    """Draw a mask for each text of input_ids (B, T), on the CPU. Special tokens and padding are never chosen, and no text with a word is left out.

    Random words are any ids but the special ones, [unused] ones included, as Google draws them.
    """
    settings = settings or MaskSettings()
    special = torch.tensor(special_ids(tokenizer))
    words = ~torch.isin(input_ids, special)  # (B, T): padding is a special token, so no attention mask is needed
    order = torch.rand(input_ids.shape, generator=generator, dtype=torch.float64).masked_fill(~words, 2.0)  # (B, T), 2: behind every word
    chosen = CHOOSERS[settings.choose](order, (input_ids != tokenizer.pad_id).sum(1), settings)  # (B, T)
    chosen |= order == order.amin(1, keepdim=True)  # at least one, or a batch of short texts has no target at all
    chosen &= words  # where a text has no word at all, its smallest number is a special token's
    fate = torch.rand(input_ids.shape, generator=generator, dtype=torch.float64)  # (B, T)
    candidates = torch.tensor(sorted(set(range(tokenizer.vocab_size)) - set(special.tolist())))
    random_words = candidates[torch.randint(len(candidates), input_ids.shape, generator=generator)]  # (B, T)
    new = input_ids.masked_fill(chosen & (fate < settings.masked), tokenizer.mask_id)
    replaced = chosen & (fate >= settings.masked) & (fate < settings.masked + settings.replaced)
    return Masked(torch.where(replaced, random_words, new), input_ids.masked_fill(~chosen, IGNORED))


def static_masks(input_ids: Tensor, places: Sequence[int], epoch: int, tokenizer: Tokenizer, seed: int, settings: MaskSettings | None = None) -> Masked:
    """The masks that texts keep: copy `epoch % copies` of each, the same in whatever batch the text comes.

    places: the number of each text in its split. Nothing is stored: the text's seed is made of its place and the copy, and its padding, which
    depends on its neighbours, takes no part.
    """
    settings = settings or MaskSettings()
    rows = []
    for row, place in zip(input_ids, places, strict=True):
        length = int((row != tokenizer.pad_id).sum())
        masked = mask_words(row[None, :length], tokenizer, named_generator(seed, f"mask.{place}.{epoch % settings.copies}"), settings)
        padded = row.clone(), torch.full_like(row, IGNORED)
        padded[0][:length], padded[1][:length] = masked.input_ids[0], masked.labels[0]
        rows.append(padded)
    return Masked(torch.stack([ids for ids, _ in rows]), torch.stack([labels for _, labels in rows]))  # (B, T) each


def special_ids(tokenizer: Tokenizer) -> tuple[int, ...]:
    """[PAD], [CLS], [SEP] and [MASK]: there is nothing to guess at their places. [UNK] is a word that the vocabulary lacks, so it goes with them."""
    return tokenizer.pad_id, tokenizer.cls_id, tokenizer.sep_id, tokenizer.mask_id, tokenizer.unk_id
