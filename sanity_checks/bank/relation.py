"""What is said about the mistakes of the relational layer."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
UNIT = ("In relation, direction.", "u / |u|, where |u| is the root of the sum of squares over the numbers of one vector; zeros for a vector of zeros.",
        "Divide each row by its own length, and leave out rows that have none.")
PAIR = ("In relation, relational_features.", "[u ; v ; |u - v| ; (u/|u|) * (v/|v|)], four blocks of C numbers.", "The last block is a product number by number, and sums to the cosine.")
LAYER = ("In relation, RelationalLayer.forward.", "LeakyReLU(Dropout(features) W + b).", "Drop, map, then the activation, whose slope below zero is .01.")

FOUR = "Name the four blocks, one by one."
ORDER = "Read the equation from the inside out."
MISTAKES: dict[str, Mistake] = {
    "not-normalised": Mistake("The last block is u * v: the vectors are not divided by their lengths.", FOUR, *PAIR),
    "first-only-normalised": Mistake("In the last block only one of the vectors is divided by its length.", FOUR, *PAIR),
    "length-of-the-batch": Mistake("Lengths are taken over the pairs of the batch instead of the numbers of a vector.", "Look at the dimension of the norm.", *UNIT),
    "length-of-everything": Mistake("One length is taken of the whole batch.", "Look at the dimension of the norm.", *UNIT),
    "length-squared": Mistake("Vectors are divided by their squared lengths.", "Look for a root.", *UNIT),
    "sum-of-sizes-for-length": Mistake("Vectors are divided by the sum of their sizes instead of their lengths.", "Squares, then a root.", *UNIT),
    "zero-vector-divides": Mistake("A vector of zeros gives NaN.", "Guard the division.", *UNIT, severity="option"),
    "zero-vector-has-a-slope": Mistake("At a vector of zeros the slope is that of the guard, 10 to the 12th: one step and Adam does not forget it.", "Look at what flows back through the guard.", *UNIT, severity="option"),
    "guard-is-large": Mistake("What guards the division is large enough to change every direction.", "Look at what is added to the length.", *UNIT),
    "difference-without-sign-removed": Mistake("The third block is u - v, with its sign.", FOUR, *PAIR),
    "difference-squared": Mistake("The third block is the square of the difference.", FOUR, *PAIR),
    "difference-of-sizes": Mistake("The third block is |u| - |v|, the difference of sizes.", FOUR, *PAIR),
    "difference-missing": Mistake("The third block is a sum.", FOUR, *PAIR),
    "difference-of-directions": Mistake("The third block compares directions instead of vectors.", FOUR, *PAIR),
    "blocks-exchanged": Mistake("The third and the fourth block are exchanged.", FOUR, *PAIR),
    "sentences-exchanged": Mistake("The first and the second block are exchanged.", FOUR, *PAIR),
    "one-sentence-twice": Mistake("The first block stands there twice.", FOUR, *PAIR),
    "cosine-spread": Mistake("The last block is the cosine again and again instead of the products that sum to it.", FOUR, *PAIR),
    "directions-in-all-blocks": Mistake("All four blocks are made of directions, so lengths are lost.", FOUR, *PAIR),
    "second-sentence-detached": Mistake("No gradient passes through one of the directions.", "Look for detach().", *PAIR),
    "dropout-missing": Mistake("There is no dropout on the features.", ORDER, *LAYER, severity="train"),
    "dropout-after-the-map": Mistake("Dropout comes after the map instead of before it.", ORDER, *LAYER, severity="train"),
    "dropout-twice": Mistake("The hidden layer is dropped here too; the heads drop it already.", ORDER, *LAYER, severity="train"),
    "dropout-always-on": Mistake("Dropout is on in eval mode too.", "Who tells it the mode?", *LAYER),
    "relu-for-leaky": Mistake("The activation is a ReLU, which has no slope below zero.", ORDER, *LAYER),
    "gelu-for-leaky": Mistake("The activation is a GELU.", ORDER, *LAYER),
    "tanh-for-leaky": Mistake("The activation is a tanh.", ORDER, *LAYER),
    "activation-missing": Mistake("There is no activation, so layer and heads are one linear map.", ORDER, *LAYER),
    "steeper-below-zero": Mistake("The slope below zero is .2 instead of .01.", "Look at the second argument.", *LAYER),
    "activation-before-the-map": Mistake("The activation comes before the map.", ORDER, *LAYER),
    "bias-missing": Mistake("The map has no bias.", ORDER, *LAYER),
    "features-detached": Mistake("No gradient reaches the features, and so none the encoder.", "Look for detach().", *LAYER),
}  # fmt: skip
