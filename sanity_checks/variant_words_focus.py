"""The same for layer focus, stages, joined pairs and thresholds: words -> (components, signs), as variant_words.py explains them."""

from __future__ import annotations


def _any(*names: str) -> tuple[tuple[str, ...], ...]:
    return tuple((name,) for name in names)


FOCUS = {
    "with whole division": (("focus_plan",), _any("no floor")),
    "with set_grad_enabled": (("layer_focus",), _any("set_grad_enabled")),
    "with gradients cleared one by one": (("layer_focus",), _any("no zero_grad")),
    "with groups of the match": (("layer_focus",), _any("group")),
    "with train()": (("layer_focus",), _any("train")),
    "with gt": (("cosine_threshold",), _any("gt")),
    "with every threshold counted": (("cosine_threshold",), _any("no cumsum")),
    "with a set": (("cosine_threshold",), _any("set")),
    "with split": (("cosine_threshold",), _any("split")),
    "with deepcopy": (("stage_plan",), _any("deepcopy")),
    "with load_state_dict": (("stage_plan",), _any("load_state_dict")),
    "with marks set by if": (("stage_plan",), _any("no max")),
    "with hstack": (("joined_pairs",), _any("hstack")),
    "with halves by number": (("joined_pairs",), _any("no chunk")),
}
