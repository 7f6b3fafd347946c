"""What the probe of masked language modelling needs: the head, the model around an encoder, and the head that a file brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.sizes import settle


@dataclass(frozen=True)
class Mlm:
    """build(encoder, width, vocabulary) -> model in float64, its head filled with fixed numbers, in eval mode; head(model, hidden (..., C),
    words (V, C)) -> (..., V); run(model, ids, mask, token types) -> (B, T, V); loss(model, ids, labels, mask, token types) -> scalar;
    read(tensors of a file by released name, words (V, C)) -> tensors of the head by our name."""

    build: Callable[[nn.Module, int, int], nn.Module]
    head: Callable[[nn.Module, Tensor, Tensor], Tensor]
    run: Callable[[nn.Module, Tensor, Tensor, Tensor], Tensor]
    loss: Callable[[nn.Module, Tensor, Tensor, Tensor, Tensor], Tensor]
    read: Callable[[Mapping[str, Tensor], Tensor], Mapping[str, Tensor]]


def library() -> Mlm:
    """The subject made of minbert/mlm.py."""
    import minbert.mlm as ours  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.config import BertConfig

    def build(encoder: nn.Module, width: int, vocabulary: int) -> nn.Module:
        head = ours.MaskedWordHead(BertConfig(vocab_size=vocabulary, hidden_size=width, num_attention_heads=1, layer_norm_eps=0.3))
        return ours.MaskedLanguageModel(encoder, settle(head, {"head": head, "dense": head.dense, "norm": head.norm})).double().eval()

    return Mlm(build, lambda model, hidden, words: model.head(hidden, words), lambda model, ids, mask, types: model(ids, mask, types),
               lambda model, ids, labels, mask, types: model.loss(ids, labels, mask, types),
               lambda heads, words: ours.head_state(heads, words, "a file"))  # fmt: skip
