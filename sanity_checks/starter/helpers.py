"""Our own small versions of the helper files that a course starter hands out: enough to build a model when only bert.py was copied.

Names are those of the starter: base_bert.BertPreTrainedModel, config.PretrainedConfig and BertConfig, utils.get_extended_attention_mask.
"""

from __future__ import annotations

import types
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sanity_checks.starter.placeholders import placeholder


class BertConfig:
    """The sizes of a model as attributes; `SETTINGS` are the defaults, keywords change them."""

    def __init__(self, **changes: Any) -> None:
        vars(self).update({**SETTINGS, **changes})


SETTINGS: dict[str, Any] = {
    "vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "max_position_embeddings": 512, "type_vocab_size": 2, "initializer_range": 0.02,
    "layer_norm_eps": 1e-12, "pad_token_id": 0, "position_embedding_type": "absolute", "use_cache": True, "gradient_checkpointing": False,
    "name_or_path": "", "chunk_size_feed_forward": 0, "output_attentions": False, "output_hidden_states": False, "return_dict": True, "model_type": "bert",
    "num_labels": 5, "use_return_dict": True, "is_decoder": False, "add_cross_attention": False, "tie_word_embeddings": True,
}  # fmt: skip


class BertPreTrainedModel(nn.Module):
    """The starter's base class without its download: it keeps the configuration, and knows its dtype and the additive mask."""

    config_class, base_model_prefix = BertConfig, "bert"

    def __init__(self, config: Any, *inputs: Any, **named: Any) -> None:
        super().__init__()
        self.config, self.name_or_path = config, getattr(config, "name_or_path", "")

    def init_weights(self) -> None:
        """Nothing to do: the checks fill the weights."""
        return None

    def _init_weights(self, module: nn.Module) -> None:
        """Nothing to do, as above."""
        return None

    @property
    def dtype(self) -> torch.dtype:
        """The precision of the parameters."""
        return next(self.parameters()).dtype

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return next(self.parameters()).device

    def get_extended_attention_mask(self, attention_mask: Tensor, dtype: torch.dtype | None = None) -> Tensor:
        """As `get_extended_attention_mask` of this module."""
        return get_extended_attention_mask(attention_mask, dtype or self.dtype)


def get_extended_attention_mask(attention_mask: Tensor, dtype: torch.dtype) -> Tensor:
    """(B, T) of 1 and 0 -> (B, 1, 1, T) of 0 and -10000, to be added to the scores."""
    added = torch.tensor([[-10000.0], [0.0]], dtype=dtype)
    return F.embedding(attention_mask.long(), added).squeeze(-1)[:, None, None, :]  # (B, T, 1) -> (B, 1, 1, T)


def get_parameter_dtype(parameter: nn.Module) -> torch.dtype:
    """The precision of a module's parameters."""
    return next(parameter.parameters()).dtype


def helper(name: str) -> types.ModuleType:
    """The module that stands in for `name`.py: a placeholder with what this file offers under that name."""
    module = placeholder(name)
    vars(module).update(OFFERS.get(name, {}))
    return module


OFFERS: dict[str, dict[str, Any]] = {
    "config": {"BertConfig": BertConfig, "PretrainedConfig": BertConfig},
    "base_bert": {"BertPreTrainedModel": BertPreTrainedModel},
    "utils": {"get_extended_attention_mask": get_extended_attention_mask, "get_parameter_dtype": get_parameter_dtype},
}
