"""The arithmetic of practice_sentiment: how the value of a review follows from the values of its parts.

A value lies between -3 and +3. Every rule is one function, so a label can be recomputed by hand from the words:

    "not bad"                                   negated(-2)            = +1     class 3
    "lovely scenery, but the coffee was stale"  contrast(+2, -2)       = -1.5   class 1
    "could not have been more moving"           strengthened(+2)       = +3     class 4
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """Some words and the opinion they express."""

    text: str
    value: float


def sign(value: float) -> int:
    """-1, 0 or +1."""
    return (value > 0) - (value < 0)


def label_of(value: float) -> int:
    """The class of a value: 0 very negative, 1 negative, 2 neutral or balanced, 3 positive, 4 very positive."""
    thresholds = (-2.45, -0.7, 0.7, 2.45)  # values are multiples of 1/8, so none is within 0.04 of a threshold
    return sum(value > threshold for threshold in thresholds)


def negated(value: float) -> float:
    """Plain negation shifts rather than mirrors: "not bad" is mild praise, "not superb" mild blame, "not dreadful" says little."""
    return -1.0 if value > 0 else (0.0 if value <= -3 else 1.0)


def faintly_negated(value: float) -> float:
    """"Not especially good" is still blame, but "not especially dull" is no praise."""
    return -1.0 if value > 0 else 0.0


def reversed_(value: float) -> float:
    """"Anything but dull": negation with full force on the other side."""
    return -2.0 * sign(value)


def strengthened(value: float) -> float:
    """"Extremely good", "could not have been better": one step away from zero."""
    return value + sign(value)


def softened(value: float) -> float:
    """"Fairly good", "slightly boring": one step towards zero."""
    return value - sign(value)


def joined(first: float, second: float) -> float:
    """Two opinions on the same side ("and") are averaged."""
    return (first + second) / 2


def contrast(minor: float, major: float) -> float:
    """The clause after "but", or the main clause beside "although" and "despite", wins; the other one pulls a quarter of its weight."""
    return max(-3.0, min(3.0, major + minor / 4))
