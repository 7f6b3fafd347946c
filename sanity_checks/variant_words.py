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
    "with linear maps as functions": (("attention", "feed_forward", "layer", "model"), (("functional", "linear"), ("F", "linear"))),
    "with matrices that are transposed": ((), _any("T", "mT")),
    "with one matrix for query, key and value": (("attention",), (("chunk", "no stack"), ("split", "no stack"), ("cat", "linear"))),
    "with permute": ((), _any("permute")),
    "with float32 inside": (("attention", "embeddings", "add_norm"), _any("float", "float32")),
    "with the softmax by hand": (("attention", "losses"), (("exp", "sum"),)),
    "with a mask of -10000": (("attention", "model"), _any("number -10000.0", "number 10000.0")),
    "with a mask of -1e9": (("attention", "pooling"), _any("number -1000000000.0", "number 1000000000.0")),
    "with a mask of -inf": (("attention",), _any("inf")),
    "with torch.where": ((), _any("where")),
    "with the layer norm by hand": (NORMS, (*_any("var", "var_mean", "rsqrt", "std"), ("mean", "sqrt"))),
    "with the layer norm as a function": (NORMS, _any("layer_norm")),
    "with the add-norm written out": (("layer",), _any("no add_norm")),
    "with the parts of other components written out": (("layer",), _any("expand", "query")),
    "with a stack": (("add_norm", "embeddings", "pairs"), _any("stack", "hstack", "sum")),
    "with torch.add": ((), _any("add")),
    "with a ready-made activation": (("feed_forward",), (("GELU",), ("no erf", "no erfc", "no ndtr", "no cdf"))),
    "with the GELU of the normal distribution": (("feed_forward",), _any("ndtr", "cdf")),
    "with erfc": ((), _any("erfc")),
    "with a loop": (("attention", "feed_forward", "add_norm", "layer", "pooling", "heads", "losses", "divergences"), _any("loop")),
    "with numpy": ((), _any("numpy", "np")),
    "with a sort": ((), _any("sort", "sorted", "topk")),
    "with NaN in the hidden places": ((), _any("nanmean", "nansum")),
    "with index_select": ((), _any("index_select")),
    "with gather": ((), _any("gather")),
    "with one-hot rows": ((), _any("one_hot")),
    "with log_softmax": (("losses",), _any("log_softmax")),
    "with logsumexp": (("losses",), _any("logsumexp")),
    "with softplus": (("losses",), _any("softplus")),
    "with kl_div": ((), _any("kl_div")),
    "with a ready-made loss": (("divergences",), _any("cross_entropy", "binary_cross_entropy_with_logits", "mse_loss")),
    "with logsigmoid": (("losses", "divergences"), _any("logsigmoid")),
    "with a loss module": (("losses",), _any("BCEWithLogitsLoss", "CrossEntropyLoss", "MSELoss")),
    "with a vector norm": (("losses",), _any("vector_norm", "norm")),
    "with positions that are expanded": (("embeddings",), _any("expand_as", "expand")),
    "with the dimension of one dropped otherwise": (("heads",), _any("no squeeze")),
    "with argsort": ((), _any("argsort")),
    "with a shuffle of Python's": (("samplers",), _any("shuffle")),
    "with ceil": (("samplers",), _any("ceil")),
    "with a loop that appends": (("samplers",), _any("append")),
    "with lists": (("samplers",), (("list", "no tuple"),)),
    "with cumsum": ((), _any("cumsum")),
    "with layers by number": (("model",), _any("range")),
    "with select": ((), _any("select")),
    "with exponentials": (("model",), _any("exp")),
    "with maximum and minimum": ((), _any("maximum", "minimum")),
    "with zeros where nothing is hidden": (("attention",), _any("no any")),
    "with a mask of ones where there is none": (("model",), _any("new_ones")),
    "with min and max": (("schedules",), _any("max", "min")),
    "with corrcoef": (("metrics",), _any("corrcoef")),
    "with a cosine": (("metrics",), _any("cosine_similarity")),
    "with standard deviations": (("metrics",), _any("std", "var")),
    "with a softmax": (("metrics",), _any("softmax")),
    "with a sum in Python": (("metrics",), (("sum", "zip"),)),
    "with sums": (("metrics",), (("sum", "sqrt"),)),
    "with the averages written out": (("adamw",), _any("no lerp_")),
    "with everything in one loop": (("adamw",), _any("no _buckets")),
    "through parameter.data": (("adamw",), _any("data")),
    "with differences": (("adamw",), _any("sub_")),
    "with the mean by hand": (("losses",), (("mean", "no mse_loss"), ("sum", "no mse_loss"), ("sum", "size"))),
}
