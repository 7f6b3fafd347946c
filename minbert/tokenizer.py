"""From text to token ids: uncased WordPiece, by the `tokenizers` library, in the shape that BERT reads.

    clean -> split at spaces and punctuation -> lower-case, drop accents -> greedy longest pieces -> [CLS] a [SEP] b [SEP]

    "embeddings"  ->  em ##bed ##ding ##s         sentence a and its [SEP] are token type 0, sentence b and its [SEP] type 1

Letters: B batch (sentences or pairs), T tokens of the longest of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from minbert import vocabulary
from minbert.errors import UserError
from minbert.truncation import expect_room, truncate


@dataclass(frozen=True)
class Encoding:
    """One padded batch, int64 (B, T) each; readable as `encoding.input_ids`, `encoding["input_ids"]` and `bert(**encoding)`."""

    input_ids: Tensor  # (B, T) word pieces, [PAD] behind the end
    attention_mask: Tensor  # (B, T) 1 keeps, 0 hides padding
    token_type_ids: Tensor  # (B, T) 0 for the first sentence, 1 for the second, 0 for padding

    def keys(self) -> Iterator[str]:
        """The three names: with `__getitem__`, all that `**encoding` needs."""
        return iter(("input_ids", "attention_mask", "token_type_ids"))  # written out: `vars` would give away whatever is added later

    def __iter__(self) -> Iterator[str]:
        return self.keys()

    def __getitem__(self, name: str) -> Tensor:
        return getattr(self, name)


class Tokenizer:
    """Uncased WordPiece with BERT's special tokens; ids are those of `transformers.BertTokenizer`."""

    def __init__(self, backend: Any) -> None:
        """backend: a `tokenizers.Tokenizer` with a WordPiece model that knows [PAD] [UNK] [CLS] [SEP] [MASK]; `from_pretrained` makes one."""
        self._backend = vocabulary.without_limits(backend)
        self.pad_id, self.unk_id, self.cls_id, self.sep_id, self.mask_id = vocabulary.special_ids(backend)
        self.vocab_size: int = backend.get_vocab_size()

    @classmethod
    def from_pretrained(cls, name_or_folder: str | os.PathLike[str]) -> Tokenizer:
        """The tokenizer of `bert-base-uncased`, `minilm`, `tiny` or a folder with tokenizer.json or vocab.txt.

        Raises `UserError` when the name is unknown, no source has the file, or the file is no WordPiece vocabulary.
        """
        return cls(vocabulary.load_backend(name_or_folder))

    def __call__(
        self, firsts: Sequence[str], seconds: Sequence[str] | None = None, max_length: int = 512, truncation: str = "longest-first"
    ) -> Encoding:
        """Encode B sentences, or B pairs, into one padded batch of shape (B, T), T <= max_length.

        truncation: "longest-first" or "head+tail" (minbert/truncation.py).  Raises `UserError` for anything but lists of strings of equal
        length, and for a max_length without room.

        >>> Tokenizer.from_pretrained("tiny")(["a", "a b"]).input_ids.shape
        torch.Size([2, 4])
        """
        pieces_a = self.pieces(firsts, "firsts")
        pieces_b = [None] * len(pieces_a) if seconds is None else self.pieces(seconds, "seconds")
        if len(pieces_a) != len(pieces_b):
            raise UserError(f"got {len(pieces_a)} first sentences and {len(pieces_b)} second ones, expected one second for each first.")
        if not pieces_a:
            raise UserError("got an empty list of texts, expected at least one.")
        return self._pad([self.assemble(a, b, max_length, truncation) for a, b in zip(pieces_a, pieces_b)])

    def pieces(self, texts: Sequence[str], name: str = "texts") -> list[list[int]]:
        """Word-piece ids of each text, without special tokens and uncut: tokenise once, `assemble` as often as you like.

        name: what the error message calls the list.  No text depends on its neighbours.
        """
        _expect_texts(texts, name)
        # The fast call leaves out each piece's place in the text, which nobody here asks for.
        return [encoded.ids for encoded in self._backend.encode_batch_fast(list(texts), add_special_tokens=False)]

    def assemble(
        self, ids_a: list[int], ids_b: list[int] | None = None, max_length: int = 512, truncation: str = "longest-first"
    ) -> tuple[list[int], list[int]]:
        """[CLS] a [SEP], or [CLS] a [SEP] b [SEP], of at most `max_length` ids, and the token type of each.

        Every [SEP] survives truncation, and a text that had pieces keeps at least one.
        """
        expect_room(max_length, truncation, pair=ids_b is not None)
        if ids_b is None:
            kept, _ = truncate(ids_a, [], max_length - 2, truncation)
            return [self.cls_id, *kept, self.sep_id], [0] * (len(kept) + 2)
        kept_a, kept_b = truncate(ids_a, ids_b, max_length - 3, truncation)
        ids = [self.cls_id, *kept_a, self.sep_id, *kept_b, self.sep_id]
        return ids, [0] * (len(kept_a) + 2) + [1] * (len(kept_b) + 1)

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The vocabulary entry of each id, to look at: `[CLS]`, `em`, `##bed`, ..."""
        found = [self._backend.id_to_token(int(i)) if int(i) >= 0 else None for i in ids]
        if None in found:
            raise UserError(f"id {int(ids[found.index(None)])} is not in the vocabulary, expected 0 to {self.vocab_size - 1}.")
        return found

    def save_pretrained(self, folder: str | os.PathLike[str]) -> None:
        """Write vocab.txt, tokenizer.json and tokenizer_config.json, each in one move; `transformers.AutoTokenizer` opens the folder."""
        vocabulary.save_backend(self._backend, folder)

    def _pad(self, rows: list[tuple[list[int], list[int]]]) -> Encoding:
        longest = max(len(ids) for ids, _ in rows)  # of this batch, not max_length: padding is computed like everything else
        input_ids = torch.full((len(rows), longest), self.pad_id)  # (B, T)
        attention_mask = torch.zeros_like(input_ids)
        token_type_ids = torch.zeros_like(attention_mask)
        for row, (ids, types) in enumerate(rows):
            input_ids[row, : len(ids)] = torch.tensor(ids)
            attention_mask[row, : len(ids)] = 1
            token_type_ids[row, : len(ids)] = torch.tensor(types)
        return Encoding(input_ids, attention_mask, token_type_ids)


def _expect_texts(texts: Sequence[str], name: str) -> None:
    if isinstance(texts, str):  # a string is a sequence of strings too: its letters would silently become sentences
        raise UserError(f"{name} is one string, expected a list of strings: put it in brackets, [{texts[:20]!r}].")
    if not isinstance(texts, (list, tuple)):
        raise UserError(f"{name} is {type(texts).__name__}, expected a list of strings.")
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise UserError(f"{name}[{position}] is {type(text).__name__} ({text!r}), expected a string.")
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise UserError(f"{name}[{position}] holds a lone surrogate, half of a broken character: decode the file as UTF-8.")
