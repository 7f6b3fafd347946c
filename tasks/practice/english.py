"""The few rules of English spelling that the practice grammars share."""

from __future__ import annotations

import re

# Words whose first letter misleads: "an hour" and "an honest", but "a useful" and "a one-off".
SOUNDS_LIKE_VOWEL = ("hour", "honest", "honour", "heir")
SOUNDS_LIKE_CONSONANT = ("use", "uni", "one", "eu", "uti")


def with_article(phrase: str) -> str:
    """Put "a" or "an" before a phrase, by the sound of its first word: "an honest book", "a useful map"."""
    lowered = phrase.lower()
    vowel = lowered[0] in "aeiou" and not lowered.startswith(SOUNDS_LIKE_CONSONANT)
    return ("an " if vowel or lowered.startswith(SOUNDS_LIKE_VOWEL) else "a ") + phrase


def sentence(text: str) -> str:
    """Make a sentence of a phrase: one space between words, a capital first letter, a full stop unless it already ends."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.;:?])", r"\1", text)
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else ".")


def normalised(text: str) -> str:
    """Lower-case words only, so that two sentences that differ in case or punctuation alone count as the same one."""
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def listed(text: str) -> tuple[str, ...]:
    """Read one line of a word table: entries separated by commas."""
    return tuple(entry.strip() for entry in text.replace("\n", " ").split(",") if entry.strip())


IRREGULAR = {"good": "better", "bad": "worse", "tired": "more tired", "bland": "blander", "lovely": "lovelier", "limp": "limper"}
PLURALS = {"child": "children", "goose": "geese", "mouse": "mice", "person": "people", "loaf": "loaves", "scarf": "scarves", "thief": "thieves"}


def comparative(adjective: str) -> str:
    """"duller", "funnier", "better", "more gripping": short adjectives take -er, longer ones take "more"."""
    stem = adjective.removesuffix("e")
    syllables = len(re.findall(r"[aeiouy]+", stem))
    if adjective in IRREGULAR:
        return IRREGULAR[adjective]
    if syllables == 2 and adjective.endswith("y") and len(adjective) <= 8:
        return adjective[:-1] + "ier"
    return stem + "er" if syllables == 1 and "-" not in adjective else "more " + adjective


def plural(noun: str) -> str:
    """"boys", "boxes", "ponies", "policemen"."""
    if noun in PLURALS:
        return PLURALS[noun]
    if noun.endswith("man") and noun != "human":
        return noun[:-3] + "men"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
