"""Small encoders with weights large enough that every mistake shows, and the same encoder in `transformers`."""

from __future__ import annotations

import torch
from torch import nn

from minbert.bert import Bert
from minbert.config import BertConfig

# Pairwise different sizes; dropout off unless a test wants it.
SMALL = BertConfig(
    vocab_size=101,
    hidden_size=15,
    num_hidden_layers=3,
    num_attention_heads=5,
    intermediate_size=23,
    max_position_embeddings=37,
    type_vocab_size=2,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)


def randomise(module: nn.Module, generator: torch.Generator, std: float = 0.25) -> nn.Module:
    """Large weights, biases that are not zero and norms that are not one: at fresh initialisation many mistakes hide."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.normal_(1.0 if name.endswith("norm.weight") else 0.0, std, generator=generator)
    return module


def small_bert(generator: torch.Generator, config: BertConfig = SMALL, attention: str = "fused") -> Bert:
    """A small float64 encoder in eval mode."""
    return randomise(Bert(config, attention), generator).double().eval()


def inputs(generator: torch.Generator, rows: int = 4, tokens: int = 11, vocab: int = 101) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Random ids, a ragged mask and token types."""
    ids = torch.randint(1, vocab, (rows, tokens), generator=generator)
    lengths = torch.randint(1, tokens + 1, (rows,), generator=generator)
    mask = (torch.arange(tokens) < lengths[:, None]).long()
    return ids, mask, torch.randint(0, 2, (rows, tokens), generator=generator)


def transformers_twin(bert: Bert):
    """The same weights in `transformers`' BertModel, same precision, eval mode, eager attention."""
    from transformers import BertConfig as TheirConfig
    from transformers import BertModel

    from minbert.released_names import to_released

    values = {field: getattr(bert.config, field) for field in bert.config.__dataclass_fields__}
    with torch.device("meta"):  # no time spent on random numbers that ours replace at once
        twin = BertModel(TheirConfig(**values, attn_implementation="sdpa"))
    state = {to_released(name): tensor.clone() for name, tensor in bert.state_dict().items()}
    missing, unexpected = twin.load_state_dict(state, strict=False, assign=True)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    twin.embeddings.position_ids = torch.arange(bert.config.max_position_embeddings)[None]  # what they make when they are built and do not save
    twin.embeddings.token_type_ids = torch.zeros_like(twin.embeddings.position_ids)
    assert not any(tensor.is_meta for tensor in (*twin.parameters(), *twin.buffers()))
    return twin.eval()
