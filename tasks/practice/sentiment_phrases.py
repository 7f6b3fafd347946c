"""The building blocks of practice_sentiment: aspects, predicates and opinion clauses, each a Phrase with its value."""

from __future__ import annotations

from tasks.practice import review_words as words
from tasks.practice.chooser import Chooser
from tasks.practice.english import with_article
from tasks.practice.review_topics import Topic
from tasks.practice.sentiment_rules import Phrase, faintly_negated, negated, reversed_, sign, softened, strengthened

ALL_VALUES = (-3, -2, -1, 1, 2, 3)


def adjective(chooser: Chooser, kind: str, values: tuple[int, ...] = ALL_VALUES) -> Phrase:
    """One adjective that fits `kind`, its value drawn from `values`."""
    value = chooser.any_of(values)
    source = kind if chooser.chance(0.6) else "any"
    return Phrase(chooser.word(words.ADJECTIVES[source][value]), value)


def short_adjective(chooser: Chooser, kind: str, values: tuple[int, ...] = ALL_VALUES) -> Phrase:
    """An adjective of one word, which can stand before a noun."""
    while " " in (found := adjective(chooser, kind, values)).text:
        pass
    return found


def aspect(chooser: Chooser, topic: Topic) -> tuple[str, str, str]:
    """A part of the topic: its words, its kind and "was" or "were"."""
    name, kind = chooser.word(topic.aspects).split(":")
    return name.rstrip("*"), kind, "were" if name.endswith("*") else "was"


def plain(chooser: Chooser, kind: str) -> Phrase:
    """"gripping"."""
    return adjective(chooser, kind)


def strong(chooser: Chooser, kind: str) -> Phrase:
    """"extremely gripping" or "absolutely superb": value 3 on either side."""
    found = adjective(chooser, kind, (-3, -2, 2, 3))
    if abs(found.value) == 3:  # nobody says "extremely superb"
        return Phrase(f"{chooser.word(words.CONFIRMERS)} {found.text}", found.value)
    return Phrase(f"{chooser.word(words.STRENGTHENERS)} {found.text}", strengthened(found.value))


def soft(chooser: Chooser, kind: str) -> Phrase:
    """"slightly boring"."""
    found = adjective(chooser, kind, (-2, 2))
    return Phrase(f"{chooser.word(words.SOFTENERS[sign(found.value)])} {found.text}", softened(found.value))


def negative(chooser: Chooser, kind: str) -> Phrase:
    """"not exactly gripping", "hardly bad"."""
    found = adjective(chooser, kind, (-3, -2, 2, 3))
    return Phrase(f"{chooser.word(words.NEGATIONS)} {found.text}", negated(found.value))


def faint(chooser: Chooser, kind: str) -> Phrase:
    """"not especially gripping"."""
    found = adjective(chooser, kind, (-2, 2))
    return Phrase(f"{chooser.word(words.FAINT_NEGATIONS)} {found.text}", faintly_negated(found.value))


def mirrored(chooser: Chooser, kind: str) -> Phrase:
    """"anything but gripping"."""
    found = adjective(chooser, kind, (-2, 2))
    return Phrase(f"{chooser.word(words.REVERSALS)} {found.text}", reversed_(found.value))


PREDICATES = (plain, plain, strong, strong, soft, negative, faint, mirrored)


def predicate(chooser: Chooser, kind: str) -> Phrase:
    """What can follow "was": an adjective, perhaps strengthened, softened or negated."""
    return chooser.any_of(PREDICATES)(chooser, kind)


def noun_phrase(chooser: Chooser, topic: Topic, values: tuple[int, ...] = ALL_VALUES) -> Phrase:
    """"an utterly superb film", "a dull film"."""
    found = short_adjective(chooser, topic.kind, values)
    if abs(found.value) == 3 and chooser.chance(0.5):
        found = Phrase(f"{chooser.word(words.CONFIRMERS)} {found.text}", found.value)
    return Phrase(f"{with_article(found.text)} {topic.noun}", found.value)


def state(chooser: Chooser, topic: Topic) -> Phrase:
    """"the acting was hardly gripping"."""
    name, kind, was = aspect(chooser, topic)
    found = predicate(chooser, kind)
    return Phrase(f"{name} {was} {found.text}", found.value)


def finding(chooser: Chooser, topic: Topic) -> Phrase:
    """"I found the acting gripping"."""
    name, kind, _ = aspect(chooser, topic)
    found = chooser.any_of((plain, strong, soft))(chooser, kind)
    return Phrase(f"I {chooser.any_of(('found', 'thought'))} {name} {found.text}", found.value)


def feeling(chooser: Chooser, topic: Topic) -> Phrase:
    """"I loved the acting", "I did not hate the acting"."""
    value = chooser.any_of((-3, -2, 2, 3))
    past, base = chooser.word(words.VERBS[value])
    name = aspect(chooser, topic)[0]
    if base and chooser.chance(0.5):
        return Phrase(f"I did not {base} {name}", negated(value))
    return Phrase(f"I {past} {name}", value)


def idiom(chooser: Chooser, topic: Topic) -> Phrase:
    """"I kept looking at my watch": a clause whose opinion no single word carries."""
    value = chooser.any_of(ALL_VALUES)
    return Phrase(chooser.word(words.IDIOMS[value]), value)


CLAUSES = (state, state, state, finding, feeling, idiom)


def clause(chooser: Chooser, topic: Topic) -> Phrase:
    """Any opinion clause about the topic."""
    return chooser.any_of(CLAUSES)(chooser, topic)
