"""practice_sentiment: short reviews whose class is computed from their grammar, five classes as in the Stanford Sentiment Treebank.

A frame is a function from a topic to a Phrase: words and the value that sentiment_rules.py gives them. `reviews` draws frames until every
class has its share. The frames that join two clauses are here; those about comparison, expectation and other people are in sentiment_frames.py.
"""

from __future__ import annotations

from tasks.practice.chooser import Chooser
from tasks.practice.english import listed, normalised, sentence
from tasks.practice.review_topics import TOPICS, Topic
from tasks.practice.sentiment_balance import BALANCED_FRAMES
from tasks.practice.sentiment_frames import PLAIN_FRAMES, TELLING_FRAMES
from tasks.practice.sentiment_phrases import aspect, clause, idiom, short_adjective, state
from tasks.practice.sentiment_rules import Phrase, contrast, joined, label_of, sign

CLASSES = 5
FUNCTION_WORDS = frozenset(listed("""the, was, were, not, a, it, I, in, of, to, for, than, more, had, did, have, been, could, would, no, so, my, at,
                                  by"""))
OPENINGS = ("", "", "", "on the whole, ", "to my mind, ", "if I am honest, ", "for what it is worth, ", "in short, ", "all in all, ")


def share_a_word(first: str, second: str) -> bool:
    """Whether two clauses repeat a content word, which would sound clumsy or contradict itself."""
    return bool(set(first.split()) & set(second.split()) - FUNCTION_WORDS)


def two_clauses(chooser: Chooser, topic: Topic, agree: bool) -> tuple[Phrase, Phrase]:
    """Two clauses with different words whose opinions agree or differ in sign."""
    while True:
        first, second = state(chooser, topic), clause(chooser, topic)
        if not share_a_word(first.text, second.text) and sign(first.value) * sign(second.value) == (1 if agree else -1):
            return first, second


def agreement(chooser: Chooser, topic: Topic) -> Phrase:
    """"the acting was superb and I loved the plot"."""
    first, second = two_clauses(chooser, topic, agree=True)
    return Phrase(f"{first.text}{chooser.any_of((' and ', ', and ', '; '))}{second.text}", joined(first.value, second.value))


def opposition(chooser: Chooser, topic: Topic) -> Phrase:
    """"the acting was superb, but I hated the plot"."""
    minor, major = two_clauses(chooser, topic, agree=False)
    if chooser.chance(0.3):
        minor, major = major, minor
    return Phrase(f"{minor.text}{chooser.any_of((', but ', ', yet ', '; still, '))}{major.text}", contrast(minor.value, major.value))


def concession(chooser: Chooser, topic: Topic) -> Phrase:
    """"although the acting was superb, I hated the plot", or the other way round."""
    minor, major = two_clauses(chooser, topic, agree=False)
    link = chooser.any_of(("although", "even though", "while"))
    text = f"{link} {minor.text}, {major.text}" if chooser.chance(0.5) else f"{major.text}, {link.replace('while', 'although')} {minor.text}"
    return Phrase(text, contrast(minor.value, major.value))


def despite(chooser: Chooser, topic: Topic) -> Phrase:
    """"despite the superb acting, I hated the plot"."""
    while True:
        name, kind, _ = aspect(chooser, topic)
        described, major = short_adjective(chooser, kind), clause(chooser, topic)
        if not share_a_word(f"{name} {described.text}", major.text) and sign(described.value) * sign(major.value) == -1:
            link = chooser.any_of(("despite", "for all", "in spite of"))
            return Phrase(f"{link} the {described.text} {name[4:]}, {major.text}", contrast(described.value, major.value))


def summing_up(chooser: Chooser, topic: Topic) -> Phrase:
    """"as for the film, it won me over"."""
    found = idiom(chooser, topic)
    return Phrase(f"{chooser.any_of(('as for', 'a word about', 'three days after'))} the {topic.noun}"
                  f"{chooser.any_of((', ', ': '))}{found.text}", found.value)


def nested(chooser: Chooser, topic: Topic) -> Phrase:
    """"although the acting was superb and the plot clever, I was bored": a contrast around an agreement."""
    while True:
        (first, second), major = two_clauses(chooser, topic, agree=True), clause(chooser, topic)
        minor = Phrase(f"{first.text} and {second.text}", joined(first.value, second.value))
        if sign(minor.value) * sign(major.value) == -1 and not share_a_word(minor.text, major.text):
            link = chooser.any_of(("although", "even though"))
            return Phrase(f"{link} {minor.text}, {major.text}", contrast(minor.value, major.value))


JUDGING_FRAMES = (*[state] * 4, *[agreement] * 4, *[opposition] * 3, concession, concession, despite, nested, *PLAIN_FRAMES)  # may open with a hedge
FRAMES = (*JUDGING_FRAMES, summing_up, summing_up, *TELLING_FRAMES, *BALANCED_FRAMES)


def review(chooser: Chooser) -> Phrase:
    """One review of one topic."""
    topic = chooser.word(TOPICS)
    frame = chooser.any_of(FRAMES)
    opening = chooser.any_of(OPENINGS) if frame in JUDGING_FRAMES else ""
    found = frame(chooser, topic)
    return Phrase(sentence(opening + found.text), found.value)


def reviews(chooser: Chooser, count: int, taken: set[str]) -> list[tuple[tuple[str], str]]:
    """`count` different reviews, the classes in equal shares and in random order, as (texts, label) rows.

    `taken` holds normalised sentences that may not be used again; the new ones are added to it.
    """
    rows = []
    room = [-(-count // CLASSES)] * CLASSES  # rows still wanted per class
    while len(rows) < count:
        found = review(chooser)
        label, key = label_of(found.value), normalised(found.text)
        if room[label] and key not in taken and len(key.split()) <= 18:
            room[label] -= 1
            taken.add(key)
            rows.append(((found.text,), str(label)))
    return rows
