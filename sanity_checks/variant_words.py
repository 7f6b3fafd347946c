"""What is said about the way right code is written: words -> (components that they are about, or () for all; signs of it).

A sign is a name, "number 1e-09", "loop" or "functional dropout" that the code holds, or "no name" that it does not hold; several in one tuple
must all be true, any tuple will do. No tuple is true of the library's own code. Each is a plain fact about code: nothing here says how a body is to be written.
"""

from __future__ import annotations

Signs = tuple[tuple[str, ...], ...]


def _any(*names: str) -> Signs:
    return tuple((name,) for name in names)


NORMS = ("add_norm", "layer", "embeddings")
VARIANTS: dict[str, tuple[tuple[str, ...], Signs]] = {
    "with einsum": ((), _any("einsum")),
    "with torch.bmm": ((), _any("bmm", "baddbmm")),
    "with torch.matmul": ((), _any("matmul")),
    "with addmm": ((), _any("addmm")),
    "with torch's fused attention kernel": ((), _any("scaled_dot_product_attention")),
    "with dropout as a function": ((), _any("functional dropout")),
    "with linear maps as functions": ((), (("linear", "weight"),)),
    "with matrices that are transposed": ((), _any("T", "mT")),
    "with one matrix for query, key and value": (("attention",), (("chunk", "no stack"), ("split", "no stack"), ("cat", "linear"))),
    "with permute": ((), _any("permute")),
    "with float32 inside": (("attention", "embeddings", "add_norm"), _any("float", "float32")),
    "with the softmax by hand": (("attention", "losses"), (("exp", "sum"),)),
    "with a mask of -10000": (("attention",), _any("number -10000.0", "number 10000.0")),
    "with a mask of -1e9": (("attention", "pooling"), _any("number -1000000000.0", "number 1000000000.0")),
    "with a mask of -inf": (("attention",), _any("inf")),
    "with torch.where": ((), _any("where")),
    "with the layer norm by hand": (NORMS, (*_any("var", "var_mean", "rsqrt", "std"), ("mean", "sqrt"))),
    "with the layer norm as a function": (NORMS, _any("layer_norm")),
    "with the add-norm written out": (("layer",), _any("no add_norm")),
    "with the parts of other components written out": (("layer",), _any("expand", "query")),
    "with a sum of a stack": (("add_norm", "embeddings"), _any("stack", "sum")),
    "with torch.add": ((), _any("add")),
    "with a ready-made activation": (("feed_forward",), (("GELU",), ("no erf", "no erfc", "no ndtr", "no cdf"))),
    "with the GELU of the normal distribution": (("feed_forward",), _any("ndtr", "cdf")),
    "with erfc": ((), _any("erfc")),
    "with a loop": (("attention", "feed_forward", "add_norm", "layer", "embeddings", "pooling", "heads", "losses"), _any("loop")),
    "with a sort": ((), _any("sort", "sorted", "topk")),
    "with NaN in the hidden places": ((), _any("nanmean", "nansum")),
    "with index_select": ((), _any("index_select")),
    "with gather": ((), _any("gather")),
    "with one-hot labels": (("losses", "metrics"), _any("one_hot")),
    "with log_softmax": (("losses",), _any("log_softmax")),
    "with logsumexp": (("losses",), _any("logsumexp")),
    "with softplus": (("losses",), _any("softplus")),
    "with logsigmoid": (("losses",), _any("logsigmoid")),
    "with a loss module": (("losses",), _any("BCEWithLogitsLoss", "CrossEntropyLoss", "MSELoss")),
    "with a vector norm": (("losses",), _any("vector_norm", "norm")),
    "with the mean by hand": (("losses",), (("mean", "no mse_loss"), ("sum", "no mse_loss"), ("sum", "size"))),
}
