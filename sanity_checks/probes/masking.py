"""The masking probe: which words are chosen, what becomes of them and what is asked; then the masks that texts keep.

Where chance decides, settings leave it no choice, or shares of many words are looked at in steps that no fair draw leaves.
Letters: B batch, T tokens.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace

import torch
from torch import Tensor

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import once, refused, untouched
from sanity_checks.subjects.masking import Masking, Pair

PAD, UNK, CLS, SEP, MASK, WORDS, SIZE = 0, 1, 2, 3, 4, 5, 59
VOCABULARY = SimpleNamespace(pad_id=PAD, unk_id=UNK, cls_id=CLS, sep_id=SEP, mask_id=MASK, vocab_size=SIZE)
NOTHING = -100
IDS = torch.tensor([[CLS, 7, 8, UNK, 9, SEP, 11, 12, SEP], [CLS, 13, 14, SEP, PAD, PAD, PAD, PAD, PAD]])
ONE, EMPTY = torch.tensor([[CLS, 21, SEP]]), torch.tensor([[CLS, SEP, PAD]])


def probe(subject: Masking, look: Look) -> None:
    """Look at the choosers, at masks without chance, at many words, and at the masks that are kept."""
    _choosers(subject, look)
    look("the ids stay as they were", lambda: untouched(lambda ids: subject.mask(ids, VOCABULARY, _generator(), rate=1.0), IDS))
    look("the ids of texts that keep their masks stay as they were", lambda: untouched(lambda ids: subject.keep(ids, [10, 11], 0, VOCABULARY, 5, rate=1.0), IDS))
    # from here on each call gets a copy, so that code which changes it harms no later look
    subject = dataclasses.replace(subject, mask=lambda ids, *given, mask=subject.mask, **settings: mask(ids.clone(), *given, **settings),
                                  keep=lambda ids, *given, keep=subject.keep, **settings: keep(ids.clone(), *given, **settings))  # fmt: skip
    _certain(subject, look)
    _many(subject, look)
    _kept(subject, look)


def _generator(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _choosers(subject: Masking, look: Look) -> None:
    order, lengths = (numbers(3, 11, seed=120).abs() / 3).clamp(max=0.99), torch.tensor([11, 7, 3])
    for rate in (0.3, 0.15):
        look(f"which words are chosen one by one at a rate of {rate:g}", lambda rate=rate: subject.choose("each", order, lengths, rate=rate), axes=("text", "token"))
        look(f"which words are chosen by count at a rate of {rate:g}", lambda rate=rate: subject.choose("count", order, lengths, rate=rate), "option", ("text", "token"))
    look("which words are chosen by count when two are the most", lambda: subject.choose("count", order, lengths, rate=0.5, most=2), "option", ("text", "token"))


def _certain(subject: Masking, look: Look) -> None:
    fates = {"is masked": (1.0, 0.0), "is kept": (0.0, 0.0)}
    for words, (masked, replaced) in fates.items():
        for part, name in enumerate(("what is read", "what is asked")):
            look(f"{name} when every word {words}", lambda m=masked, r=replaced, part=part: _all(subject, masked=m, replaced=r)[part], axes=("text", "token"))
    look("what is asked when every word is replaced", lambda: _all(subject, masked=0.0, replaced=1.0)[1], axes=("text", "token"))
    look("what a text with one word asks at a low rate", lambda: subject.mask(ONE, VOCABULARY, _generator(), rate=0.01)[1])
    look("how many words each of two texts asks for at a low rate", lambda: _asked(subject.mask(IDS, VOCABULARY, _generator(), rate=1e-9)).sum(1))
    look("what a text without words asks", lambda: subject.mask(EMPTY, VOCABULARY, _generator())[1])
    look("how many words are chosen by count of texts of nine and four tokens", lambda: _asked(_all(subject, rate=0.25, choose="count")).sum(1), "option")
    look("one seed gives one mask", lambda: _same(subject.mask(_text(), VOCABULARY, _generator()), subject.mask(_text(), VOCABULARY, _generator())))
    look("the same text gets another mask the next time", lambda: _moves_on(subject))
    look("masks leave the global random numbers alone", lambda: _leaves_alone(lambda: subject.mask(_text(), VOCABULARY, _generator())))


def _all(subject: Masking, **settings: object) -> Pair:
    return subject.mask(IDS, VOCABULARY, _generator(), **{"rate": 1.0} | settings)


def _asked(found: Pair) -> Tensor:
    return found[1] != NOTHING


def _text(rows: int = 40, tokens: int = 100) -> Tensor:
    ids = WORDS + torch.arange(rows * tokens).view(rows, tokens) * 7 % (SIZE - WORDS)
    ids[:, 0], ids[:, -11], ids[:, -10:] = CLS, SEP, PAD
    return ids


def _same(one: Pair, other: Pair) -> bool:
    return all(map(torch.equal, one, other))


def _moves_on(subject: Masking) -> bool:
    generator = _generator()
    return not _same(*(subject.mask(_text(), VOCABULARY, generator) for _ in range(2)))


def _leaves_alone(run: Callable[[], object]) -> bool:
    before = torch.get_rng_state()
    run()
    return torch.equal(before, torch.get_rng_state())


def _many(subject: Masking, look: Look) -> None:
    ids = _text()
    found = once(lambda: subject.mask(ids, VOCABULARY, _generator()))
    read, asked = (lambda: found()[0]), (lambda: _asked(found()))
    share = lambda part, whole, step: round(float(part.sum() / whole.sum().clamp(min=1)) / step) * step
    look("the share of words that is chosen, in twentieths", lambda: share(asked(), ids >= WORDS, 0.05))
    look("the share of the chosen that becomes [MASK], in tenths", lambda: share(asked() & (read() == MASK), asked(), 0.1))
    look("the share of the chosen that becomes another word, in tenths", lambda: share(asked() & (read() != MASK) & (read() != ids), asked(), 0.1))
    look("the share of the chosen that stays, in tenths", lambda: share(asked() & (read() == ids), asked(), 0.1))
    half = once(lambda: subject.mask(ids, VOCABULARY, _generator(), rate=1.0, masked=0.49, replaced=0.51)[0][ids >= WORDS])
    look("the share that becomes another word when half of the words do, in twentieths", lambda: share((half() != MASK) & (half() != ids[ids >= WORDS]), torch.ones_like(half()), 0.05))
    look("words of one text have different fates", lambda: bool(((asked() & (read() == MASK)).any(1) & (asked() & (read() != MASK)).any(1)).any()))
    look("what is not chosen stays", lambda: bool((read() == ids)[~asked()].all()))
    look("special tokens and padding are never chosen", lambda: not bool((asked() & (ids < WORDS)).any()))
    alike = ids.where(ids < WORDS, torch.tensor(7))  # one word again and again: what is put in cannot come from the text
    all_new = once(lambda: subject.mask(alike, VOCABULARY, _generator(), rate=1.0, masked=0.0, replaced=1.0)[0][ids >= WORDS])
    look("every word of the vocabulary can be put in", lambda: set(all_new().tolist()) >= set(range(WORDS, SIZE)))
    look("most words put in are new to their text", lambda: bool((all_new() != 7).double().mean() > 0.5))
    look("no special token is put in", lambda: bool((all_new() >= WORDS).all()), "note")
    look("the words put in are drawn one by one", lambda: len(set(all_new()[:50].tolist())) > 10)


def _kept(subject: Masking, look: Look) -> None:
    ids = _text(3, 60)

    def keep(rows: list[int], places: list[int], epoch: int = 0, seed: int = 5, tokens: int = 60) -> Pair:
        return subject.keep(ids[rows][:, :tokens], places, epoch, VOCABULARY, seed, copies=2)

    look("a text keeps its mask in another batch", lambda: _same(keep([0, 2], [10, 12]), tuple(each[[1, 0]] for each in keep([2, 0], [12, 10]))))
    look("a text keeps its mask with less padding", lambda: _same(tuple(each[:, :51] for each in keep([0, 1], [10, 11])), keep([0, 1], [10, 11], tokens=51)))
    look("a text has another mask in the second epoch of two copies", lambda: not _same(keep([0], [10], 0), keep([0], [10], 1)))
    look("a text has its first mask again in the third epoch of two copies", lambda: _same(keep([0], [10], 0), keep([0], [10], 2)))
    look("two texts have two masks", lambda: not torch.equal(*(_asked(keep([0], [place])) for place in (10, 11))))
    look("two seeds give a text two masks", lambda: not _same(keep([0], [10]), keep([0], [10], seed=6)))
    look("what the text keeps asks for what stood there", lambda: bool(torch.equal(keep([0, 1], [10, 11])[1], ids[:2].masked_fill(~_asked(keep([0, 1], [10, 11])), NOTHING))))
    look("kept masks leave padding alone", lambda: bool((keep([0, 1], [10, 11])[0] == ids[:2])[:, -10:].all()))
    look("nothing is asked of padding where masks are kept", lambda: not bool(_asked(keep([0, 1], [10, 11]))[:, -10:].any()))
    hidden = lambda: subject.keep(ids, [10, 11, 12], 0, VOCABULARY, 5, masked=1.0, replaced=0.0)
    look("words that a kept mask asks for are hidden", lambda: bool((hidden()[0] == MASK)[_asked(hidden())].all()))
    plain = lambda epoch: subject.keep(ids, [10, 11, 12], epoch, VOCABULARY, 5)
    look("a text has five masks where nothing else is said", lambda: _same(plain(0), plain(5)) and not any(_same(plain(0), plain(epoch)) for epoch in range(1, 5)), "option")
    look("texts without a place each are refused", lambda: refused(lambda: keep([0, 1], [10])), "option")
