"""Builders of practice_paraphrase that tell one event twice: roles, details, numbers, negation, and verbs that come in converse pairs.

A builder takes `same` and returns two sentences that mean the same (True) or do not (False). Both cases use the same forms and the same
vocabulary, so that the words exchanged between the two sentences say little about the answer.
"""

from __future__ import annotations

from dataclasses import replace

from tasks.practice import event_words as words
from tasks.practice.chooser import Chooser
from tasks.practice.english import listed
from tasks.practice.events import FORMS, Event, event, other, person, plainly, rarely

Pair = tuple[str, str]


def told_twice(chooser: Chooser, first: Event, second: Event) -> Pair:
    """Two events in two forms; half of the time with the plainest words throughout, so that only order and function words differ."""
    wording = plainly if chooser.chance(0.5) else chooser.any_of
    return first.tell(chooser.any_of(FORMS), wording), second.tell(chooser.any_of(FORMS), wording)


def roles(chooser: Chooser, same: bool) -> Pair:
    """"the boy chased the dog" / "the dog was chased by the boy", against the same with the roles reversed."""
    first = event(chooser, words.SOCIAL_ACTIONS)
    return told_twice(chooser, first, first if same else first.swapped())


def symmetric(chooser: Chooser, same: bool) -> Pair:
    """"Who met whom" may be turned round without harm, but not who else took part."""
    first = event(chooser, words.SYMMETRIC_ACTIONS)
    second = first.swapped()
    if not same:
        second = replace(second, agent=person(chooser)) if chooser.chance(0.5) else replace(second, place=other(chooser, words.PLACES, first.place))
    return first.tell("active", plainly), second.tell(chooser.any_of(("active", "fronted active")), chooser.any_of)


def changed_detail(chooser: Chooser, first: Event) -> Event:
    """The event with one of its details replaced."""
    named = tuple(slot for slot in ("place", "time") if getattr(first, slot))  # an added place would be news, not a change
    slot = chooser.any_of((*named, "action", "agent", "patient"))
    if slot == "place":
        return replace(first, place=other(chooser, words.PLACES, first.place))
    if slot == "time":
        return replace(first, time=other(chooser, words.TIMES, first.time))
    if slot == "agent":
        return replace(first, agent=replace(first.agent, noun=other(chooser, words.THINGS["person"], first.agent.noun)))
    if slot == "patient":
        return replace(first, patient=replace(first.patient, noun=other(chooser, words.THINGS[first.patient.kind], first.patient.noun)))
    fitting = tuple(action for action in words.OBJECT_ACTIONS if first.patient.kind in action.patients)
    return replace(first, action=other(chooser, fitting, first.action))


def detail(chooser: Chooser, same: bool) -> Pair:
    """"the farmer fixed the bicycle at noon" / "at midday the bike was mended by the farmer", against one detail changed."""
    first = event(chooser, words.OBJECT_ACTIONS, place=0.8, time=0.8)
    second = first if same else changed_detail(chooser, first)
    if not same and chooser.chance(0.5):
        second = changed_detail(chooser, second)
    if second == first and not same:  # the second change may undo the first
        return detail(chooser, same)
    return first.tell(chooser.any_of(FORMS), plainly), second.tell(chooser.any_of(FORMS), chooser.any_of)


def setting(chooser: Chooser, same: bool) -> Pair:
    """An event told in other words, against something else that happened in the same place at the same time, perhaps by the same person.

    The easy pairs, from which a model learns to compare at all; the true ones share fewer words than they might.
    """
    first = event(chooser, words.OBJECT_ACTIONS, place=0.8, time=0.8)
    second = first if same else replace(event(chooser, words.OBJECT_ACTIONS), place=first.place, time=first.time)
    if not same and chooser.chance(0.3):
        second = replace(second, agent=first.agent)
    return first.tell(chooser.any_of(FORMS), plainly), second.tell(chooser.any_of(FORMS), rarely(chooser) if same else plainly)


COUNTS = (("two", "a couple of"), ("twelve", "a dozen"), ("six", "half a dozen"), ("seven",), ("twenty-four", "two dozen"), ("three",),
          ("a hundred", "one hundred"), ("fifty", "half a hundred"), ("ten",), ("thirty-six", "three dozen"), ("twenty", "a score of"), ("forty",))
COUNTED = listed("loaves, tickets, lamps, roses, chairs, oranges, candles, postcards, umbrellas, eggs, maps, apples")
COUNTING = (("sold", "were sold by"), ("counted", "were counted by"), ("ordered", "were ordered by"), ("delivered", "were delivered by"),
            ("packed", "were packed by"), ("collected", "were collected by"), ("bought", "were bought by"), ("stored", "were stored by"))


def numbers(chooser: Chooser, same: bool) -> Pair:
    """"the baker sold twelve loaves" / "a dozen loaves were sold by the baker", against another number."""
    count = chooser.word(COUNTS)
    second = count if same else other(chooser, COUNTS, count)
    who, things, (past, passive) = person(chooser, several=0).text(plainly), chooser.word(COUNTED), chooser.word(COUNTING)
    when = plainly(chooser.word(words.TIMES))
    tellings = (f"{who} {past} {{}} {things} {when}", f"{{}} {things} {passive} {who} {when}", f"{when}, {who} {past} {{}} {things}")
    return chooser.any_of(tellings).format(count[0]), chooser.any_of(tellings).format(chooser.any_of(second))


# Each family: ways to say that it happened, and ways to say that it did not. Wordings of one side mean the same.
HAPPENED = ((("{past}", "managed to {base}", "did not fail to {base}", "was able to {base}", "did in fact {base}", "did indeed {base}"),
             ("did not {base}", "failed to {base}", "was unable to {base}", "did not manage to {base}", "never managed to {base}", "was not able to {base}")),
            (("remembered to {base}", "did not forget to {base}", "did not fail to remember to {base}"),
             ("forgot to {base}", "did not remember to {base}", "failed to remember to {base}")))


def negation(chooser: Chooser, same: bool) -> Pair:
    """"managed to repair" / "did not fail to repair" agree, "managed to repair" / "did not manage to repair" do not."""
    told = event(chooser, words.OBJECT_ACTIONS, place=0.5, time=0.5)
    verb, agent = plainly(told.action.verbs), replace(told.agent, number=1).text(plainly)
    sides = HAPPENED[chooser.chance(0.3)]
    sides = sides if chooser.chance(0.5) else sides[::-1]
    first = chooser.word(sides[0])
    while (second := chooser.word(sides[0] if same else sides[1])) == first:
        pass
    ending = " ".join(plainly(part) for part in (told.place, told.time) if part)
    return tuple(f"{agent} {how.format(past=verb.past, base=verb.base)} {told.patient.text(plainly)} {ending}" for how in (first, second))


# What A does and what B does when the same thing changes hands; "{to}" is the dative shift of the first.
CONVERSES = (("sold {p} to {b}", "bought {p} from {a}", "sold {b} {p}"), ("lent {p} to {b}", "borrowed {p} from {a}", "lent {b} {p}"),
             ("gave {p} to {b}", "was given {p} by {a}", "gave {b} {p}"), ("sent {p} to {b}", "received {p} from {a}", "sent {b} {p}"),
             ("rented {p} out to {b}", "rented {p} from {a}", "hired {p} out to {b}"), ("handed {p} to {b}", "was handed {p} by {a}", "handed {b} {p}"),
             ("showed {p} to {b}", "was shown {p} by {a}", "showed {b} {p}"), ("left {p} to {b} in a will", "inherited {p} from {a}", "left {b} {p} in a will"),
             ("returned {p} to {b}", "got {p} back from {a}", "gave {p} back to {b}"), ("promised {p} to {b}", "was promised {p} by {a}", "promised {b} {p}"))
GIVEN = ("vehicle", "device", "art", "clothes", "paper")


def converse(chooser: Chooser, same: bool) -> Pair:
    """"the clerk sold the car to the judge" / "the judge bought the car from the clerk", against the deal the other way round."""
    a, b = (thing.text(plainly) for thing in distinct_people(chooser))
    thing = f"the {plainly(chooser.word(words.THINGS[chooser.any_of(GIVEN)]))}"
    give, take, shifted = chooser.word(CONVERSES)
    when = plainly(chooser.word(words.TIMES)) if chooser.chance(0.5) else ""

    def tell(pattern: str, giver: str, taker: str) -> str:
        subject = taker if pattern is take else giver
        return f"{subject} {pattern.format(p=thing, a=giver, b=taker)} {when}"

    first, second = chooser.any_of(((give, take), (give, shifted), (take, shifted), (take, give), (shifted, take)))
    return tell(first, a, b), tell(second, a, b) if same else tell(second, b, a)


def distinct_people(chooser: Chooser) -> tuple:
    """Two people with different nouns."""
    first = person(chooser, several=0)
    while (second := person(chooser, several=0)).noun == first.noun:
        pass
    return first, second


# The easy builders come more often: a thousand rows are few for a model to learn what exchanged roles mean.
EVENT_BUILDERS = (roles, symmetric, *[detail] * 4, *[setting] * 7, numbers, negation, converse)
