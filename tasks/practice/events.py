"""Events as data, and the sentences that tell them.

An Event says who did what to whom, where and when. Two sentences made from one event mean the same; two sentences made from two events
differ exactly in the slots that differ, which is what the labels of the pair tasks are computed from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tasks.practice import event_words as words
from tasks.practice.chooser import Chooser
from tasks.practice.english import plural
from tasks.practice.event_words import Action, Names

Wording = Callable[[tuple], object]  # picks one synonym: `plainly`, or a chooser's `any_of`
NUMBERS = {1: "the", 2: "two", 3: "three", 5: "five"}


def plainly(synonyms: tuple) -> object:
    """The wording that always takes the first synonym."""
    return synonyms[0]


def rarely(chooser: Chooser) -> Wording:
    """A wording that prefers any synonym to the first, so that the same event shares few words with its plain telling."""
    def pick(synonyms: tuple) -> object:
        return chooser.any_of(synonyms[1:] or synonyms)
    return pick


@dataclass(frozen=True)
class Thing:
    """A person or an object: "the old doctor", "three cars"."""

    noun: Names
    kind: str
    modifier: Names = ()
    number: int = 1

    def text(self, wording: Wording) -> str:
        """The noun phrase."""
        noun = wording(self.noun)
        described = f"{wording(self.modifier)} {noun}" if self.modifier else noun
        return f"{NUMBERS[self.number]} {described if self.number == 1 else described[:-len(noun)] + plural(noun)}"

    @property
    def was(self) -> str:
        """"was" or "were"."""
        return "was" if self.number == 1 else "were"


@dataclass(frozen=True)
class Event:
    """Who did (or did not do) what to whom, where and when."""

    agent: Thing
    action: Action
    patient: Thing
    place: Names
    time: Names
    negated: bool = False

    def swapped(self) -> Event:
        """The same event with the roles exchanged."""
        return replace(self, agent=self.patient, patient=self.agent)

    def predicate(self, wording: Wording) -> str:
        """"chased the dog", "did not chase the dog"."""
        verb = wording(self.action.verbs)
        did = f"did not {verb.base}" if self.negated else verb.past
        if did.startswith("was ") and self.agent.number > 1:
            did = "were" + did[3:]
        elif did.startswith("did not be "):
            did = f"{self.agent.was} not" + did[10:]
        return f"{did} {self.patient.text(wording)}"

    def active(self, wording: Wording) -> str:
        """"the boy chased the dog", "the boy did not chase the dog"."""
        return f"{self.agent.text(wording)} {self.predicate(wording)}"

    def passive(self, wording: Wording) -> str:
        """"the dog was chased by the boy"; the active where no synonym has a passive."""
        verbs = tuple(verb for verb in self.action.verbs if verb.participle)
        if not verbs:
            return self.active(wording)
        was = self.patient.was + (" not" if self.negated else "")
        return f"{self.patient.text(wording)} {was} {wording(verbs).participle} by {self.agent.text(wording)}"

    def tell(self, form: str, wording: Wording) -> str:
        """One sentence (without capital and full stop) in one of `FORMS`."""
        place, time = wording(self.place) if self.place else "", wording(self.time) if self.time else ""
        told = self.passive(wording) if "passive" in form else self.active(wording)
        if "cleft" in form and not self.negated:
            return f"it was {self.agent.text(wording)} who {self.predicate(wording)} {place} {time}"
        if "fronted" in form and time:
            return f"{time}, {told} {place}"
        return f"{told} {place} {time}"


FORMS = ("active", "active", "passive", "fronted active", "fronted passive", "cleft")


def person(chooser: Chooser, modified: float = 0.3, several: float = 0.1) -> Thing:
    """Somebody; with these probabilities described by an adjective or more than one."""
    return Thing(chooser.word(words.THINGS["person"]), "person", chooser.word(words.PERSON_MODIFIERS) if chooser.chance(modified) else (),
                 chooser.any_of((2, 3, 5)) if chooser.chance(several) else 1)


def object_of(chooser: Chooser, action: Action, modified: float = 0.3, several: float = 0.1) -> Thing:
    """Something that the action can be done to."""
    kind = chooser.any_of(action.patients)
    return Thing(chooser.word(words.THINGS[kind]), kind, chooser.word(words.OBJECT_MODIFIERS) if chooser.chance(modified) else (),
                 chooser.any_of((2, 3, 5)) if chooser.chance(several) and kind != "food" else 1)


def event(chooser: Chooser, actions: tuple[Action, ...], place: float = 0.6, time: float = 0.6) -> Event:
    """A random event with one of the given actions; place and time are named with the given probabilities."""
    action, agent = chooser.word(actions), person(chooser)
    while True:
        patient = person(chooser) if action.is_social else object_of(chooser, action)
        if patient.noun != agent.noun:
            break
    return Event(agent, action, patient, chooser.word(words.PLACES) if chooser.chance(place) else (), chooser.word(words.TIMES) if chooser.chance(time) else ())


def other(chooser: Chooser, table: tuple[Names, ...], current: Names) -> Names:
    """Another entry of a table."""
    while (found := chooser.word(table)) == current:
        pass
    return found
