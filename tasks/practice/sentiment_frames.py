"""Frames of practice_sentiment with one judgement each: comparison, expectation, other people's opinions, and balance.

Many come in minimal pairs, the same words with another order or one other function word ("more clever than dull", "more dull than clever"),
so that counting words cannot settle them.
"""

from __future__ import annotations

from tasks.practice.chooser import Chooser
from tasks.practice.english import comparative, with_article
from tasks.practice.review_topics import Topic
from tasks.practice.sentiment_phrases import adjective, aspect, feeling, noun_phrase, short_adjective, state, strong
from tasks.practice.sentiment_rules import Phrase, negated, reversed_, sign, strengthened

PEOPLE = ("my sister", "everyone else", "my brother", "the man behind us", "our neighbour", "my whole family", "the friend who came along")
OTHERS_FELT = {+1: ("loved it", "was delighted", "could not get enough of it", "had nothing but praise", "was thrilled"),
               -1: ("hated it", "was bored to tears", "had nothing but complaints", "was horrified", "could not stand it")}


def opposites(chooser: Chooser, kind: str, values: tuple[int, ...] = (2,)) -> tuple[Phrase, Phrase]:
    """A good and a bad adjective for the same thing, in random order."""
    pair = adjective(chooser, kind, values), adjective(chooser, kind, tuple(-value for value in values))
    return pair if chooser.chance(0.5) else pair[::-1]


def rather_than(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot was more clever than dull": the first adjective holds; in "not so much clever as dull" the second."""
    name, kind, was = aspect(chooser, topic)
    holds, fails = opposites(chooser, kind)
    text = chooser.any_of((f"more {holds.text} than {fails.text}", f"less {fails.text} than {holds.text}", f"{holds.text} rather than {fails.text}",
                           f"not so much {fails.text} as {holds.text}", f"not {fails.text} but {holds.text}"))
    return Phrase(f"{name} {was} {text}", holds.value)


def less_than_feared(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot was less dull than I had feared": shifted like a negation."""
    name, kind, was = aspect(chooser, topic)
    while (found := adjective(chooser, kind, (-2, 2))).text in ("good", "bad"):  # "less bad" is not English
        pass
    expected = chooser.any_of({+1: ("I had hoped", "the advertisement claims", "we had been led to believe"),
                               -1: ("I had feared", "its reputation suggests", "we had been warned")}[sign(found.value)])
    return Phrase(f"{name} {was} less {found.text} than {expected}", negated(found.value))


def foretold(chooser: Chooser, topic: Topic) -> Phrase:
    """"I was told the plot would be dull, and it was not"."""
    name, kind, was = aspect(chooser, topic)
    found = adjective(chooser, kind)
    true = chooser.chance(0.5)
    lead = chooser.any_of(("I was told that", "people say that", "the leaflet said that", "I was warned that" if found.value < 0 else "we were promised that"))
    pronoun = "they" if was == "were" else "it"
    proof = chooser.any_of(("and {} {}", "and {} really {}") if true else ("and {} {} not", "but {} {} nothing of the kind")).format(pronoun, was)
    return Phrase(f"{lead} {name} would be {found.text}, {proof}", found.value if true else negated(found.value))


def unreal(chooser: Chooser, topic: Topic) -> Phrase:
    """"with more care the plot might have been superb": what might have been good was not."""
    name, kind, _ = aspect(chooser, topic)
    found = adjective(chooser, kind, (2, 3))
    lead = chooser.any_of(("with more care {} might have been {}", "I wish {} had been {}", "if only {} had been {}", "{} should have been {}",
                           "in better hands {} would have been {}", "{} could so easily have been {}"))
    return Phrase(lead.format(name, found.text), reversed_(found.value))


def could_not_be_more(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot could not have been more gripping": a negation that strengthens."""
    name, kind, was = aspect(chooser, topic)
    found, extreme = short_adjective(chooser, kind, (-2, 2)), adjective(chooser, kind, (-3, 3))
    return chooser.any_of((
        Phrase(f"{name} could not have been {comparative(found.text)}", strengthened(found.value)),
        Phrase(f"{name} could hardly have been {comparative(found.text)}", strengthened(found.value)),
        Phrase(f"{name} {was} nothing short of {extreme.text}", extreme.value),
        Phrase(f"{name} {was} never {chooser.any_of(('less', 'anything less'))} than {extreme.text}", extreme.value)))


def never_seen_one(chooser: Chooser, topic: Topic) -> Phrase:
    """"I have never seen a more gripping film", "I have seldom read such a dull novel"."""
    found = short_adjective(chooser, topic.kind, (-2, 2))
    grade = chooser.any_of((f"{with_article(comparative(found.text))} {topic.noun}", f"such {with_article(found.text)} {topic.noun}"))
    return Phrase(f"I have {chooser.any_of(('never', 'seldom', 'rarely'))} {topic.used} {grade}", strengthened(found.value))


def nothing_about(chooser: Chooser, topic: Topic) -> Phrase:
    """"there was nothing dull about the plot"."""
    name, kind, _ = aspect(chooser, topic)
    found = adjective(chooser, kind, (-2, 2))
    return Phrase(chooser.any_of(("there was nothing {} about {}", "nobody could call {1} {0}", "I would not call {1} {0}")).format(found.text, name),
                  negated(found.value))


def neither(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot was neither dull nor slow" praises, "neither clever nor dull" does not judge."""
    name, kind, was = aspect(chooser, topic)
    first, second = adjective(chooser, kind, (-2, 2)), adjective(chooser, kind, (-2, 2))
    while first.text == second.text:
        second = adjective(chooser, kind, (-2, 2))
    return Phrase(f"{name} {was} neither {first.text} nor {second.text}", negated(first.value) if first.value == second.value else 0.0)


def others(chooser: Chooser, topic: Topic) -> Phrase:
    """"my sister loved it; the plot was extremely dull": only the writer's own opinion counts."""
    theirs, mine = chooser.any_of((-1, 1)), chooser.any_of((state, feeling))(chooser, topic)
    person, felt = chooser.word(PEOPLE), chooser.word(OTHERS_FELT[theirs])
    return Phrase(f"{person} {felt}{chooser.any_of(('; for me, ', ', but in my own view '))}{mine.text}", mine.value)


def expected(chooser: Chooser, topic: Topic) -> Phrase:
    """"I expected a dull film and got an utterly superb film": the second half is what happened."""
    got = noun_phrase(chooser, topic)
    hoped = short_adjective(chooser, topic.kind, (-2, -3) if got.value > 0 else (2, 3))
    return Phrase(chooser.any_of(("I expected {0} and got {1}", "it might have been {0}; it was {1}", "instead of {0} it was {1}")).format(
        f"{with_article(hoped.text)} {topic.noun}", got.text.replace(topic.noun, "one")), got.value)


def by_the_end(chooser: Chooser, topic: Topic) -> Phrase:
    """"the plot seemed dull at first and was truly superb by the end": the last state counts."""
    name, kind, was = aspect(chooser, topic)
    last = strong(chooser, kind) if chooser.chance(0.6) else adjective(chooser, kind)
    first = adjective(chooser, kind, (-2, -3) if last.value > 0 else (2, 3))
    return Phrase(f"{name} seemed {first.text} at first and {was} {last.text} {chooser.any_of(('by the end', 'in the end', 'later on'))}", last.value)


PLAIN_FRAMES = (rather_than, less_than_feared, could_not_be_more, nothing_about, neither, by_the_end)
TELLING_FRAMES = (foretold, unreal, never_seen_one, others, expected)
