"""Frames of practice_sentiment without a verdict: plain facts, balanced judgements, and middling praise, all of value 0."""

from __future__ import annotations

from tasks.practice import review_words as words
from tasks.practice.chooser import Chooser
from tasks.practice.review_topics import Topic
from tasks.practice.sentiment_frames import opposites
from tasks.practice.sentiment_phrases import aspect
from tasks.practice.sentiment_rules import Phrase


def facts(chooser: Chooser, topic: Topic) -> Phrase:
    """"the film has subtitles and opens in cinemas on Friday"."""
    first, second = chooser.words(topic.facts, 2)
    return Phrase(f"the {topic.noun} {first} and {second}", 0.0)


def by_turns(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot was by turns clever and dull"."""
    name, kind, was = aspect(chooser, topic)
    first, second = opposites(chooser, kind, (2, 3))
    if abs(first.value) != abs(second.value):  # only equal weights cancel
        return by_turns(chooser, topic)
    pronoun = "they" if was == "were" else "it"
    return Phrase(chooser.any_of((
        f"{name} {was} by turns {first.text} and {second.text}", f"{name} {was} as {first.text} as {pronoun} {was} {second.text}",
        f"some will find {name} {first.text}, others {second.text}",
        f"half of the time {name} {was} {first.text}, half of the time {second.text}")), 0.0)


def undecided(chooser: Chooser, topic: Topic) -> Phrase:
    """"I cannot decide whether the plot was clever or dull"."""
    name, kind, was = aspect(chooser, topic)
    first, second = opposites(chooser, kind, (2, 3))
    lead = chooser.any_of(("I cannot decide whether", "we argued about whether", "it is too early to say whether", "nobody will agree on whether"))
    return Phrase(f"{lead} {name} {was} {first.text} or {second.text}", 0.0)


def middling(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot was average"."""
    name, _, was = aspect(chooser, topic)
    found = chooser.word(words.NEUTRAL_ADJECTIVES)
    return Phrase(chooser.any_of((f"{name} {was} {found}, no more and no less", f"I found {name} {found}", f"{name} {was} {found}, no better and no worse than most")), 0.0)


def hearsay(chooser: Chooser, topic: Topic) -> Phrase:
    """"I have not seen for myself whether the acting is as superb as they say": no opinion of the writer's own."""
    name, kind, was = aspect(chooser, topic)
    found, _ = opposites(chooser, kind, (2, 3))
    is_ = "are" if was == "were" else "is"
    return Phrase(chooser.any_of((f"I cannot tell you yet whether {name} {is_} {found.text}", f"the reviewers disagree about whether {name} {is_} {found.text}",
                                  f"somebody asked me if {name} {is_} {found.text}, and I have no opinion")), 0.0)


BALANCED_FRAMES = (facts, by_turns, undecided, middling, hearsay)
