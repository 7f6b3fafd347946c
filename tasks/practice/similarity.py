"""practice_similarity: how much do two sentences have in common, from 0 to 5?

A pair is an event and a second one made from it by one of `CHANGES`; its label is `similarity_score.score` of the two, so nobody had to
judge anything. The changes are chosen so that sharing words and sharing meaning part ways: unrelated events in the same place at the same
time, exchanged roles, denials; and the same event without one common noun or verb.
"""

from __future__ import annotations

from dataclasses import replace

from tasks.practice import event_words as words
from tasks.practice.chooser import Chooser
from tasks.practice.english import normalised, sentence
from tasks.practice.events import FORMS, Event, event, other, plainly, rarely
from tasks.practice.similarity_score import score

ALL_ACTIONS = (*words.SOCIAL_ACTIONS, *words.SOCIAL_ACTIONS, *words.SYMMETRIC_ACTIONS, *words.OBJECT_ACTIONS)
LONGEST = 20  # words


def nothing(chooser: Chooser, first: Event) -> Event:
    """The same event, told in other words."""
    return first


def deny(chooser: Chooser, first: Event) -> Event:
    """It did not happen."""
    return replace(first, negated=not first.negated)


def exchange_roles(chooser: Chooser, first: Event) -> Event:
    """The other way round, where both are people."""
    return first.swapped() if first.action.is_social else deny(chooser, first)


def change_place(chooser: Chooser, first: Event) -> Event:
    """Somewhere else, or nowhere in particular."""
    return replace(first, place=() if first.place and chooser.chance(0.3) else other(chooser, words.PLACES, first.place))


def change_time(chooser: Chooser, first: Event) -> Event:
    """Some other time, or no time in particular."""
    return replace(first, time=() if first.time and chooser.chance(0.3) else other(chooser, words.TIMES, first.time))


def change_looks(chooser: Chooser, first: Event) -> Event:
    """Another adjective for the agent."""
    return replace(first, agent=replace(first.agent, modifier=other(chooser, words.PERSON_MODIFIERS, first.agent.modifier)))


def change_agent(chooser: Chooser, first: Event) -> Event:
    """Somebody else did it."""
    return replace(first, agent=replace(first.agent, noun=other(chooser, words.THINGS["person"], first.agent.noun)))


def change_patient(chooser: Chooser, first: Event) -> Event:
    """It was done to something else of the same kind."""
    return replace(first, patient=replace(first.patient, noun=other(chooser, words.THINGS[first.patient.kind], first.patient.noun)))


def change_action(chooser: Chooser, first: Event) -> Event:
    """Something else was done."""
    fitting = tuple(action for action in ALL_ACTIONS if first.patient.kind in action.patients and action != first.action)
    return replace(first, action=chooser.word(fitting))


def change_participants(chooser: Chooser, first: Event) -> Event:
    """Other people, same action."""
    return change_patient(chooser, change_agent(chooser, first))


def keep_agent(chooser: Chooser, first: Event) -> Event:
    """The same person does something else."""
    return replace(event(chooser, ALL_ACTIONS), agent=first.agent, place=first.place, time=first.time)


def keep_setting(chooser: Chooser, first: Event) -> Event:
    """Something unrelated happens in the same place at the same time, to people of the same looks."""
    second = event(chooser, ALL_ACTIONS)
    agent = replace(second.agent, modifier=first.agent.modifier, number=first.agent.number)
    return replace(second, agent=agent, place=first.place, time=first.time)


SINGLE = (deny, exchange_roles, change_place, change_time, change_looks, change_agent, change_patient, change_action)
CHANGES = (nothing, nothing, nothing, nothing, *SINGLE, deny, exchange_roles, exchange_roles, change_participants, keep_agent, keep_setting, keep_setting, keep_setting)


def pair_of_events(chooser: Chooser) -> tuple[Event, Event]:
    """An event and a changed one; a quarter of the time changed twice."""
    change = chooser.any_of(CHANGES)
    named = 1.0 if change is keep_setting else 0.6  # a setting has to be named to be shared
    first = event(chooser, ALL_ACTIONS, place=named, time=named)
    second = change(chooser, first)
    return first, chooser.any_of(SINGLE)(chooser, second) if chooser.chance(0.25) else second


def tellings(chooser: Chooser, first: Event, second: Event) -> tuple[str, str]:
    """A sentence for each event; the nearer the events, the more often their words differ."""
    freely = rarely(chooser) if chooser.chance(0.18 * score(first, second)) else plainly
    texts = sentence(first.tell(chooser.any_of(FORMS), plainly)), sentence(second.tell(chooser.any_of(FORMS), freely))
    return texts if chooser.chance(0.5) else texts[::-1]


def similarities(chooser: Chooser, count: int, taken: set[str]) -> list[tuple[tuple[str, str], str]]:
    """`count` pairs as (texts, label) rows, the label a score with two decimals such as "2.90".

    `taken` holds normalised sentences that may not be used again; the new ones are added to it.
    """
    rows = []
    while len(rows) < count:
        first, second = pair_of_events(chooser)
        texts = tellings(chooser, first, second)
        keys = {normalised(text) for text in texts}
        if len(keys) == 2 and not keys & taken and second.agent.noun != second.patient.noun and all(len(key.split()) <= LONGEST for key in keys):
            taken |= keys
            rows.append((texts, f"{score(first, second):.2f}"))
    return rows
