"""Wrong and rewritten versions of pair features; what is said about each is in bank/pairs.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

PART = "PARTS[part](u, v)"
PARTS = f"[{PART} for part in PAIR_FEATURES[features]]"
JOINED = f"torch.cat({PARTS}, dim=-1)"


def _edit(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.pairs", "return " + JOINED, "return " + new),)


def _joined(before: str, after: str) -> tuple[Edit, ...]:
    """Parts put together in another way: what stands before and after their list."""
    return Edit("tasks.pairs", "torch.cat([", before + "["), Edit("tasks.pairs", "], dim=-1)", "]" + after)


def _part(name: str, new: str) -> tuple[Edit, ...]:
    """Another way to make one part of the features."""
    return (Edit("tasks.pairs", PART, f"({new} if part == {name!r} else {PART})"),)


def _given(u: str, v: str) -> tuple[Edit, ...]:
    """All parts made of other vectors than u and v."""
    return (Edit("tasks.pairs", PART, f"PARTS[part]({u}, {v})"),)


COSINE = "torch.nn.functional.cosine_similarity(u, v, dim={})"

WRONG = {
    "added": _joined("torch.stack(", ").sum(0)"),
    "averaged": _joined("torch.stack(", ").mean(0)"),
    "both-added": _edit(f"u + v if features == 'concat' else {JOINED}"),
    "joined-along-batch": _joined("torch.cat(", ", dim=0)"),
    "stacked": _joined("torch.stack(", ", dim=1)"),
    "interleaved": _joined("torch.stack(", ", dim=-1).flatten(1)"),
    "parts-in-reverse": _joined("torch.cat(", "[::-1], dim=-1)"),
    "sentences-swapped": _given("v", "u"),
    "first-sentence-twice": _given("u", "u"),
    "second-sentence-twice": _given("v", "v"),
    "set-ignored": _edit("torch.cat([u, v], dim=-1)"),
    "difference-signed": _part("difference", "(u - v)"),
    "difference-squared": _part("difference", "(u - v) ** 2"),
    "difference-is-distance": _part("difference", "(u - v).norm(dim=-1, keepdim=True)"),
    "difference-of-sizes": _part("difference", "(u.abs() - v.abs()).abs()"),
    "product-is-dot-product": _part("product", "(u * v).sum(-1, keepdim=True)"),
    "product-is-cosine": _part("product", COSINE.format(-1) + "[:, None]"),
    "product-is-cosine-over-batch": _part("product", COSINE.format(0) + ".expand_as(u)"),
    "product-of-all-with-all": _part("product", "u @ v.T"),
    "product-of-sizes": _part("product", "(u * v).abs()"),
    "vectors-normalised": _given("torch.nn.functional.normalize(u, dim=-1)", "torch.nn.functional.normalize(v, dim=-1)"),
    "batch-mean-removed": _given("u - u.mean(0)", "v - v.mean(0)"),
    "first-detached": _given("u.detach()", "v"),
    "second-detached": _given("u", "v.detach()"),
    "both-detached": _given("u.detach()", "v.detach()"),
    "writes-into-vectors": _edit(f"torch.cat({PARTS}, dim=-1) + 0 * u.zero_()[:, :1]"),
}

RIGHT = {
    "hstack": _edit(f"torch.hstack({PARTS})"),
    "dimension 1": _edit(f"torch.cat({PARTS}, dim=1)"),
    "stacked, then flattened": _edit(f"torch.stack({PARTS}, dim=1).flatten(1)"),
    "a loop that appends": _edit("torch.cat(tuple(PARTS[part](u, v) for part in PAIR_FEATURES[features]), -1)"),
    "difference by maximum and minimum": _part("difference", "(torch.maximum(u, v) - torch.minimum(u, v))"),
    "product by einsum": _part("product", "torch.einsum('bf,bf->bf', u, v)"),
    "difference as a root of squares": _part("difference", "((u - v) ** 2).sqrt()"),
}
