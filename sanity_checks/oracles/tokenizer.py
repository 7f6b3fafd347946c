"""The tokenizer against WordPiece written out by hand, and the layout of sentences and pairs.

Everything is checked with `tiny`'s vocabulary, which is made on the spot; the real one is checked in pretrained.py where it is at hand.
"""

from __future__ import annotations

import functools
import unicodedata

import torch

from minbert.tokenizer import Tokenizer
from sanity_checks.judge import expect, refuses

TEXTS = ("The quick fox, isn't it?", "  spaces\tand\nlines  ", "na\u00efve caf\u00e9", "x" * 101, "unaffable", "", "A",
         "\u4e2d\u6587 mix", "a-b_c...d")


@functools.lru_cache(maxsize=1)
def tiny() -> Tokenizer:
    """The tokenizer of `tiny`."""
    return Tokenizer.from_pretrained("tiny")


def words(text: str) -> list[str]:
    """Lower-case, drop accents, and cut at white space, punctuation and Chinese characters."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(letter) != "Mn")
    spaced = "".join(f" {letter} " if _alone(letter) else letter for letter in plain)
    return spaced.split()


def _alone(letter: str) -> bool:
    ascii_punctuation = letter.isascii() and letter.isprintable() and not letter.isalnum() and letter != " "
    return ascii_punctuation or unicodedata.category(letter).startswith("P") or "\u4e00" <= letter <= "\u9fff"


def word_pieces(word: str, ids: dict[str, int]) -> list[int]:
    """Greedy longest match from the left; one place without a match makes the whole word unknown, as do more than 100 letters."""
    found, start = [], 0
    while start < len(word):
        ends = range(len(word), start, -1)
        match = next((("##" if start else "") + word[start:end] for end in ends if ("##" if start else "") + word[start:end] in ids), None)
        if match is None or len(word) > 100:
            return [ids["[UNK]"]]
        found.append(ids[match])
        start += len(match.removeprefix("##")) if start else len(match)
    return found


def pieces_equal_wordpiece_by_hand() -> None:
    """Every text is cut into the word pieces that the greedy algorithm finds."""
    tokenizer = tiny()
    ids = {piece: number for number, piece in enumerate(tokenizer.tokens(range(tokenizer.vocab_size)))}
    for text, got in zip(TEXTS, tokenizer.pieces(list(TEXTS))):
        expected = [piece for word in words(text) for piece in word_pieces(word, ids)]
        expect(got == expected, f"{text[:20]!r} became {got[:8]}, expected {expected[:8]}")


def special_tokens_have_their_ids() -> None:
    """[PAD] [UNK] [CLS] [SEP] [MASK] are 0, 100, 101, 102 and 103."""
    tokenizer = tiny()
    got = [tokenizer.pad_id, tokenizer.unk_id, tokenizer.cls_id, tokenizer.sep_id, tokenizer.mask_id]
    expect(got == [0, 100, 101, 102, 103], f"the special ids are {got}, expected [0, 100, 101, 102, 103]")


def pairs_are_cls_a_sep_b_sep() -> None:
    """A pair is [CLS] a [SEP] b [SEP], with token type 0 up to the first [SEP] and 1 after it."""
    ids, types = tiny().assemble([7, 8, 9], [11, 12])
    expect(ids == [101, 7, 8, 9, 102, 11, 12, 102], f"the ids are {ids}")
    expect(types == [0] * 5 + [1] * 3, f"the token types are {types}")
    expect(tiny().assemble([7]) == ([101, 7, 102], [0, 0, 0]), "a sentence alone is not [CLS] a [SEP] with token types 0")


def truncation_pops_the_longer_one() -> None:
    """Too long a pair loses pieces of its longer sentence, of the second when both are equally long; no [SEP] is lost."""
    ids, _ = tiny().assemble(list(range(200, 209)), list(range(300, 304)), max_length=10)
    expect(ids == [101, 200, 201, 202, 203, 102, 300, 301, 302, 102], f"a pair of 9 and 4 pieces cut to 10 became {ids}")
    ids, _ = tiny().assemble(list(range(200, 230)), max_length=7)
    expect(ids == [101, 200, 201, 202, 203, 204, 102], f"a sentence cut to 7 became {ids}")


def padding_is_marked_and_harmless() -> None:
    """In a batch, padding is id 0 with mask 0 behind the end, and a text does not depend on its neighbours."""
    firsts, seconds = ["a fox", "the quick fox, it is"], ["b", "not it"]
    batch = tiny()(firsts, seconds)
    for row, pair in enumerate(zip(firsts, seconds)):
        alone = tiny()([pair[0]], [pair[1]])
        length = alone.input_ids.size(1)
        expect(torch.equal(batch.input_ids[row, :length], alone.input_ids[0]), "a pair got other ids beside a longer one")
        expect(torch.equal(batch.token_type_ids[row, :length], alone.token_type_ids[0]), "a pair got other token types beside a longer one")
        mask = [1] * length + [0] * (batch.input_ids.size(1) - length)
        expect(batch.attention_mask[row].tolist() == mask, "the mask is not 1 on tokens and 0 behind")
        expect(batch.input_ids[row, length:] == 0, "padding is not [PAD]")


def a_bare_string_is_refused() -> None:
    """One string instead of a list is refused: its letters would become sentences."""
    refuses("a string instead of a list of strings", tiny(), "hello")


PROBES = (pieces_equal_wordpiece_by_hand, special_tokens_have_their_ids, pairs_are_cls_a_sep_b_sep, truncation_pops_the_longer_one,
          padding_is_marked_and_harmless, a_bare_string_is_refused)
