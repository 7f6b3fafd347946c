"""What is said about the way right code is written: words -> (components that they are about, or () for all; signs of it).

A sign is a name, "number 1e-09", "loop" or "functional dropout" that the code holds; several in one tuple must all be there, any tuple will do.
No sign of a component may stand in the library's own code of it.
"""

from __future__ import annotations

Signs = tuple[tuple[str, ...], ...]


def _any(*names: str) -> Signs:
    return tuple((name,) for name in names)


VARIANTS: dict[str, tuple[tuple[str, ...], Signs]] = {
    "with einsum": ((), _any("einsum")),
    "with torch.bmm": ((), _any("bmm", "baddbmm")),
    "with torch.matmul": ((), _any("matmul")),
    "with torch's fused attention kernel": ((), _any("scaled_dot_product_attention")),
    "with dropout as a function": ((), _any("functional dropout")),
    "with one matrix for query, key and value": (("attention",), _any("chunk", "split") + (("cat", "linear"),)),
    "with the softmax by hand": (("attention", "losses"), (("exp", "sum"),)),
    "with masked_fill instead of an addition": (("attention",), (("finfo", "scores"),)),
    "with a mask of -10000": (("attention",), _any("number -10000.0", "number 10000.0")),
    "with a mask of -1e9": (("attention", "pooling"), _any("number -1000000000.0", "number 1000000000.0")),
    "with a mask of -inf": (("attention",), _any("inf")),
    "with torch.where": ((), _any("where")),
    "with the layer norm by hand": (("add_norm", "layer", "embeddings"), _any("var", "var_mean", "rsqrt", "std") + (("mean", "sqrt"),)),
    "with a loop": (("attention", "feed_forward", "add_norm", "layer", "embeddings", "pooling", "heads", "losses"), _any("loop")),
    "with a sort": ((), _any("sort", "sorted", "topk")),
    "with NaN in the hidden places": ((), _any("nanmean", "nansum")),
}
