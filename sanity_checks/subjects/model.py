"""What the model probe needs: a whole encoder, from ids to hidden states and the pooled vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from sanity_checks.subjects.sizes import Sizes, leaves


@dataclass(frozen=True)
class Model:
    """build(sizes) -> module; parts(module) -> its tables, linear maps, norms and dropouts under this library's names ("layers.0.attention.query");
    run(module, ids (B, T), mask (B, T)) -> what the model returns, with output["last_hidden_state"] and output["pooler_output"].

    None where a layout has none: unmasked(module, ids), as run; pool(module, hidden (B, T, C)) -> (B, C); states(what run returned) -> L + 1
    hidden states; first(module, ids, mask), as run, for position 0 alone; weights(module, ids, mask) -> L attention weights (B, H, T, T);
    typed(module, ids, mask, token types) and placed(module, ids, mask, positions), as run; encode(module, embeddings (B, T, C), mask), as run;
    steps(module, embeddings, mask) -> an iterator over the layers' results that computes no layer before it is asked for.
    """

    build: Callable[[Sizes], nn.Module]
    parts: Callable[[nn.Module], Mapping[str, nn.Module]]
    run: Callable[[nn.Module, Tensor, Tensor], Any]
    unmasked: Callable[[nn.Module, Tensor], Any] | None = None
    pool: Callable[[nn.Module, Tensor], Tensor] | None = None
    states: Callable[[Any], tuple[Tensor, ...]] | None = None
    first: Callable[[nn.Module, Tensor, Tensor], Any] | None = None
    weights: Callable[[nn.Module, Tensor, Tensor], tuple[Tensor, ...]] | None = None
    typed: Callable[[nn.Module, Tensor, Tensor, Tensor], Any] | None = None
    placed: Callable[[nn.Module, Tensor, Tensor, Tensor], Any] | None = None
    encode: Callable[[nn.Module, Tensor, Tensor], Any] | None = None
    steps: Callable[[nn.Module, Tensor, Tensor], Iterator[Any]] | None = None


def library() -> Model:
    """The subject made of minbert/bert.py."""
    from minbert.bert import Bert  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.config import BertConfig

    def build(sizes: Sizes) -> nn.Module:
        config = BertConfig(vocab_size=sizes.vocabulary, hidden_size=sizes.width, num_hidden_layers=sizes.layers, num_attention_heads=sizes.heads,
                            intermediate_size=sizes.inner, max_position_embeddings=sizes.positions, type_vocab_size=sizes.segments,
                            attention_probs_dropout_prob=sizes.attention_rate)  # fmt: skip
        return Bert(config)

    return Model(
        build,
        leaves,
        run=lambda module, ids, mask: module(ids, mask),
        unmasked=lambda module, ids: module(ids),
        pool=lambda module, hidden: module.pooler(hidden),
        states=lambda output: output.hidden_states,
        first=lambda module, ids, mask: module(ids, mask, first_only=True),
        weights=lambda module, ids, mask: module(ids, mask, need_weights=True).attentions,
        typed=lambda module, ids, mask, types: module(ids, mask, types),
        placed=lambda module, ids, mask, positions: module(ids, mask, position_ids=positions),
        encode=lambda module, embeddings, mask: module.encode(embeddings, mask),
        steps=lambda module, embeddings, mask: module.walk(embeddings, mask),
    )
