"""What is said about the mistakes of pair features."""

from __future__ import annotations

from sanity_checks.bank import Mistake

WHERE = "In pairs (combine)."
RULE = "Features = [part 1; part 2; ...], side by side, (B, n F); the parts of a set stand in PAIR_FEATURES, how each is made in PARTS."
PART = "Parts are u: first sentence; v: second; difference: |u - v|; product: u v, number by number. Each part is (B, F)."
SLOPE = "Both sentences go through the same encoder, and the gradient comes back on both ways."
BOTH = "Each part is made of u and v, in this order."


def _part(says: str, look: str, line: str, seen: int = 0) -> Mistake:
    return Mistake(says, look, WHERE, PART, line, seen=seen)


def _joined(says: str, look: str, line: str, seen: int = 0) -> Mistake:
    return Mistake(says, look, WHERE, RULE, line, seen=seen)


MISTAKES: dict[str, Mistake] = {
    "added": _joined("The parts are added up instead of joined side by side.", "Look at how the parts are put together.", "Join them along the last dimension.", 2),
    "averaged": _joined("The parts are averaged instead of joined side by side.", "Look at how the parts are put together.", "Join them along the last dimension."),
    "both-added": _joined("The two sentence vectors are added instead of joined, so a head cannot see how they differ.", "Look at the set of both vectors.",
                          "Keep both, side by side.", 2),
    "joined-along-batch": _joined("The parts are joined along the batch: more rows instead of more features.", "Look at the dimension of cat.", "Features are the last dimension."),
    "stacked": _joined("The parts are stacked along a new dimension, (B, n, F), instead of side by side.", "Look at stack and cat.", "The result has two dimensions, (B, n F)."),
    "interleaved": _joined("The right numbers in a shuffled order: features of the parts alternate.", "Look at how the parts are flattened.", "All of the first part, then all of the second."),
    "parts-in-reverse": _joined("The parts come in the reverse order.", "Look at the order of the parts.", "Keep the order of the table."),
    "sentences-swapped": Mistake("First and second sentence are swapped.", "Look at the order of the arguments.", WHERE, PART, BOTH),
    "first-sentence-twice": Mistake("The first sentence is used in the place of the second.", "Look at where v is used.", WHERE, PART, BOTH),
    "second-sentence-twice": Mistake("The second sentence is used in the place of the first.", "Look at where u is used.", WHERE, PART, BOTH),
    "set-ignored": _joined("The result is [u; v] whatever set is asked for.", "Look at where the name of the set is used.", "Look the parts up by the name."),
    "difference-signed": _part("The difference keeps its sign, so it depends on which sentence comes first.", "Look at the part 'difference'.", "Take the absolute value."),
    "difference-squared": _part("The difference is squared.", "Look at the part 'difference'.", "Take the absolute value instead."),
    "difference-is-distance": _part("The difference is one number for a pair, the distance, instead of F numbers.", "Look for a norm in the part 'difference'.", "Keep all F differences."),
    "difference-of-sizes": _part("Absolute values are taken before the difference as well, so signs are lost.", "Look at the part 'difference'.", "Subtract first."),
    "product-is-dot-product": _part("The product is summed up to one number, an inner product.", "Look for a sum in the part 'product'.", "Keep all F products.", 3),
    "product-is-cosine": _part("The product is replaced by the cosine of the two vectors, one number.", "Look for cosine_similarity.", "Keep all F products."),
    "product-is-cosine-over-batch": _part("A cosine is taken along the batch, so a pair's features depend on the other pairs.", "Look at the dimension of cosine_similarity.",
                                          "Each pair is compared alone."),
    "product-of-all-with-all": _part("A matrix product compares every first sentence with every second one.", "Look for @ or matmul.", "Multiply number by number."),
    "product-of-sizes": _part("The sign of the product is lost.", "Look for abs() in the part 'product'.", "Multiply the numbers as they are."),
    "vectors-normalised": _part("Both vectors are scaled to length 1 first.", "Look for normalize or a norm.", "Use the vectors as they are."),
    "batch-mean-removed": _part("The mean over the batch is taken off first, so a pair's features depend on the other pairs.", "Look for mean(0) and other sums over the batch.",
                                "Each pair is combined alone.", 1),
    "first-detached": Mistake("No gradient comes back to the first sentences.", "Look for detach() or no_grad() around the first vector.", WHERE, SLOPE, "Use u as it is."),
    "second-detached": Mistake("No gradient comes back to the second sentences.", "Look for detach() or no_grad() around the second vector.", WHERE, SLOPE, "Use v as it is."),
    "both-detached": Mistake("No gradient comes back from the features, so the encoder learns nothing from pairs.", "Look for detach() or no_grad().", WHERE, SLOPE,
                             "Stay in torch, with gradients on."),
    "writes-into-vectors": Mistake("One of the two vectors is overwritten.", "Look for a change in place: -=, or a method whose name ends in _.", WHERE, PART, "Work on new tensors.",
                                   fact="both vectors stay as they were"),
}
