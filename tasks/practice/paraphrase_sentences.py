"""Builders of practice_paraphrase about sentences and questions rather than single events: order, cause, comparison, quantity, direction.

As in paraphrase_events.py a builder takes `same` and returns two sentences that mean the same or do not.
"""

from __future__ import annotations

from tasks.practice import paraphrase_words as words
from tasks.practice.chooser import Chooser

Pair = tuple[str, str]


def two_of(chooser: Chooser, forms: tuple[str, ...]) -> Pair:
    """Two different wordings, in random order."""
    first = chooser.any_of(forms)
    while (second := chooser.any_of(forms)) == first:
        pass
    return first, second


def order(chooser: Chooser, same: bool) -> Pair:
    """"Anna paid the bill before calling a taxi" / "after paying the bill Anna called a taxi", against the other order."""
    forms = ("{n} {a} before {b_ing}", "{n} {b} after {a_ing}", "after {a_ing}, {n} {b}", "before {b_ing}, {n} {a}", "{n} first {a} and then {b}")
    early, late = chooser.words(words.DEEDS, 2)
    first, second = two_of(chooser, forms)
    name = chooser.word(words.NAMES)

    def tell(form: str, a: Pair, b: Pair) -> str:
        return form.format(n=name, a=a[0], a_ing=a[1], b=b[0], b_ing=b[1])

    return tell(first, early, late), tell(second, early, late) if same else tell(second, late, early)


def cause(chooser: Chooser, same: bool) -> Pair:
    """"the team lost because the coach resigned" / "the coach resigned, so the team lost", against effect and cause exchanged."""
    forms = ("{effect} because {cause}", "{cause}, so {effect}", "because {cause}, {effect}", "{cause}, and that is why {effect}",
             "the reason why {effect} is that {cause}", "{cause}; as a result {effect}")
    pair = chooser.word(words.CAUSES)
    reason, effect = pair if chooser.chance(0.5) else pair[::-1]
    first, second = two_of(chooser, forms)
    told = {"cause": reason, "effect": effect}
    return first.format(**told), second.format(**told) if same else second.format(cause=effect, effect=reason)


def comparison(chooser: Chooser, same: bool) -> Pair:
    """"Is the Danube longer than the Rhine?" / "Is the Rhine shorter than the Danube?", against the opposite claim."""
    more, less, plain, things = chooser.word(words.COMPARED)
    a, b = chooser.words(things, 2)
    claims = ("{a} is {more} than {b}", "{b} is {less} than {a}", "{b} is not as {plain} as {a}", "of {a} and {b}, the {more} one is {a}")
    questions = ("Is {a} {more} than {b}?", "Is {b} {less} than {a}?", "Do you know whether {a} is {more} than {b}?", "Would you say that {b} is {less} than {a}?")
    first, second = two_of(chooser, claims if chooser.chance(0.5) else questions)
    told = {"more": more, "less": less, "plain": plain}
    return first.format(a=a, b=b, **told), second.format(a=a if same else b, b=b if same else a, **told)


QUANTITIES = {  # wordings of one line say the same; p/not_p: did it or did the opposite, as past or base form
    "all": ("all of the {g} {p}", "every one of the {g} {p}", "none of the {g} {q}", "not one of the {g} {q}", "there were no {g} who did not {p_base}"),
    "not all": ("not all of the {g} {p}", "some of the {g} {q}", "at least one of the {g} {q}", "it is not true that every one of the {g} {p}"),
    "none": ("none of the {g} {p}", "not a single one of the {g} {p}", "all of the {g} {q}", "every one of the {g} {q}"),
    "some": ("some of the {g} {p}", "at least one of the {g} {p}", "not all of the {g} {q}", "it is not true that every one of the {g} {q}"),
}


def quantity(chooser: Chooser, same: bool) -> Pair:
    """"not all of the guests stayed" / "some of the guests left", against "none of the guests stayed"."""
    group, past, base, opposite, _ = chooser.word(words.GROUPS)
    amount = chooser.any_of(tuple(QUANTITIES))
    first, second = two_of(chooser, QUANTITIES[amount])
    if not same:
        second = chooser.any_of(QUANTITIES[chooser.any_of([name for name in QUANTITIES if name != amount])])
    setting, told = chooser.word(words.SETTINGS), {"g": group, "p": past, "q": opposite, "p_base": base}
    return tuple(f"{setting}, {form.format(**told)}" if chooser.chance(0.5) else f"{form.format(**told)} {setting}" for form in (first, second))


DIRECTED = ((words.TRAVEL, words.CITIES), (words.CHANGE, words.LANGUAGES), (words.TEASING, words.PETS))


def direction(chooser: Chooser, same: bool) -> Pair:
    """"How do I get from Rome to Milan?" / "What is the way to Milan from Rome?", against the way back."""
    questions, ends = chooser.any_of(DIRECTED)
    question, (a, b) = chooser.word(questions), chooser.words(ends, 2)
    first, second = question if chooser.chance(0.5) else question[::-1]
    if chooser.chance(0.2) and not same:  # also without any rewording
        second = first
    return first.format(a=a, b=b), second.format(a=a if same else b, b=b if same else a)


def how_to(chooser: Chooser, same: bool) -> Pair:
    """"How can I stop smoking?" / "What is the best way to give up cigarettes?", against another skill or another question in the same words."""
    plain, reworded = chooser.word(words.SKILLS)
    topic = chooser.any_of(tuple(words.ASKING))
    first, second = chooser.any_of(words.ASKING[topic]), chooser.any_of(words.ASKING[topic])
    if same and chooser.chance(0.15):  # the same skill in the same words, the question in others
        first, second = two_of(chooser, words.ASKING[topic])
        reworded = plain
    if not same:
        if chooser.chance(0.5):  # another skill, the same question in the same words
            second, reworded = first, chooser.words([other for other, _ in words.SKILLS if other != plain], 1)[0]
        else:  # the same skill, another question
            second, reworded = chooser.any_of(words.ASKING[chooser.any_of([name for name in words.ASKING if name != topic])]), plain
    return first.format(base=plain[0], ing=plain[1]), second.format(base=reworded[0], ing=reworded[1])


SENTENCE_BUILDERS = (order, cause, comparison, quantity, direction, *[how_to] * 5)
