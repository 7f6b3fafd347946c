"""The score of practice_similarity: how much of one event is in the other, from 0 (nothing) to 5 (everything).

    core    = 1.6 * same action + 1.2 * same agent + 1.2 * same patient              (at most 4)
    details = 0.5 * same place + 0.5 * same time                                     (at most 1)
    score   = (core + details * core / 4) * (0.5 if only one of the two events happened, else 1)

Each "same" is a number from 0 to 1. Place and time count only as far as the core agrees: two unrelated things that happen in the park on
Monday are still unrelated. Synonyms count as the same word, because an event holds concepts and not words.
"""

from __future__ import annotations

from tasks.practice.event_words import Action, Names
from tasks.practice.events import Event, Thing

ACTION, PARTICIPANT, DETAIL = 1.6, 1.2, 0.5  # 1.6 + 2 * 1.2 = 4, and 4 + 2 * 0.5 = 5
DENIED = 0.5            # "did" against "did not"
OTHER_LOOKS = 0.7       # the same noun with another adjective or number
OTHER_ROLE = 0.3        # the one who did it is now the one it was done to
SAME_KIND = 0.2         # another person, another vehicle
SAME_FAMILY = 0.25      # another action of the same family, such as two kindnesses
ONLY_ONE_SAYS = 0.5     # place or time named in one sentence only


def same_action(first: Action, second: Action) -> float:
    """1 for the same action, a little for the same family."""
    return 1.0 if first.verbs == second.verbs else SAME_FAMILY * (first.family == second.family)


def same_thing(first: Thing, second: Thing) -> float:
    """1 for the same noun with the same adjective and number."""
    if first.noun != second.noun:
        return SAME_KIND * (first.kind == second.kind)
    return 1.0 if (first.modifier, first.number) == (second.modifier, second.number) else OTHER_LOOKS


def same_detail(first: Names, second: Names) -> float:
    """1 for the same place (or time), also when neither is named; half if only one sentence names it."""
    if first == second:
        return 1.0
    return 0.0 if first and second else ONLY_ONE_SAYS


def participants(first: Event, second: Event) -> float:
    """Agreement of agent and patient, from 0 to 2; people who changed places keep a part of it."""
    straight = same_thing(first.agent, second.agent) + same_thing(first.patient, second.patient)
    crossed = same_thing(first.agent, second.patient) + same_thing(first.patient, second.agent)
    if first.action.symmetric and second.action.symmetric:  # "met", "argued with": there are no roles to exchange
        return max(straight, crossed)
    return max(straight, OTHER_ROLE * crossed)


def nouns(event: Event) -> set[Names]:
    """Who and what an event is about."""
    return {event.agent.noun, event.patient.noun}


def score(first: Event, second: Event) -> float:
    """The similarity of two events, from 0 to 5; symmetric, and 5 for an event and itself."""
    action, people = same_action(first.action, second.action), participants(first, second)
    if action == 0 and not nouns(first) & nouns(second):  # nothing in common but that both are about somebody
        return 0.0
    core = ACTION * action + PARTICIPANT * people
    details = DETAIL * (same_detail(first.place, second.place) + same_detail(first.time, second.time))
    return (core + details * core / 4) * (DENIED if first.negated != second.negated else 1.0)
