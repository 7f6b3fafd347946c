"""Make the stored references anew: `python -m sanity_checks.make_references` (needs `transformers`).

The oracle is `transformers.BertModel`: eager attention, float64, eval mode. Its weights are drawn here, and stored under our names by the
explicit list of pairs below, which shares no code with minbert's own table of names.
"""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from minbert.errors import UserError
from minbert.known_weights import KNOWN
from minbert.sources import present
from sanity_checks.reference import CERTIFICATE, CONFIG, FOLDER

SEED = 20180524
B, T, PADS = 2, 7, 3
WHAT = "transformers.BertModel"
COMMAND = "python -m sanity_checks.make_references"


def names() -> dict[str, str]:
    """Our parameter names -> the released ones, written out part by part."""
    table = {"embeddings.word": "embeddings.word_embeddings", "embeddings.position": "embeddings.position_embeddings",
             "embeddings.token_type": "embeddings.token_type_embeddings", "embeddings.norm": "embeddings.LayerNorm", "pooler.dense": "pooler.dense"}
    inside = {"attention.query": "attention.self.query", "attention.key": "attention.self.key", "attention.value": "attention.self.value",
              "attention.output": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
              "feed_forward.expand": "intermediate.dense", "feed_forward.contract": "output.dense", "feed_forward_norm": "output.LayerNorm"}
    for layer in range(CONFIG.num_hidden_layers):
        table |= {f"layers.{layer}.{ours}": f"encoder.layer.{layer}.{theirs}" for ours, theirs in inside.items()}
    tables = {"embeddings.word", "embeddings.position", "embeddings.token_type"}
    return {f"{ours}.{end}": f"{theirs}.{end}" for ours, theirs in table.items() for end in (("weight",) if ours in tables else ("weight", "bias"))}


def oracle() -> Any:
    """A `transformers` BertModel of our sizes in float64, weights N(0, 0.25^2), norm gains N(1, 0.25^2), biases N(0, 0.25^2)."""
    try:
        from transformers import BertConfig, BertModel
    except ImportError:
        raise UserError('references are made by transformers, which is not installed: pip install "minbert[test]".') from None
    values = {field: getattr(CONFIG, field) for field in CONFIG.__dataclass_fields__}
    model = BertModel(BertConfig(**values, attn_implementation="eager")).double().eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * 0.25 + name.endswith("LayerNorm.weight"))
    return model


def tensors(model: Any) -> dict[str, Tensor]:
    """Everything that is stored, computed by `model`."""
    generator = torch.Generator().manual_seed(SEED + 1)
    ids = torch.randint(1, CONFIG.vocab_size, (B, T), generator=generator)
    mask = torch.ones(B, T, dtype=torch.int64)
    mask[1, T - PADS:] = 0
    types = torch.randint(0, 2, (B, T), generator=generator)
    output = model(ids, mask, types, output_hidden_states=True, output_attentions=True)
    outputs = (output.last_hidden_state, output.pooler_output)
    probe, pooled_probe = (torch.randn(value.shape, generator=generator, dtype=torch.float64) for value in outputs)
    probe = probe * mask[..., None]  # what padding contains is nobody's business
    ((output.last_hidden_state * probe).sum() + (output.pooler_output * pooled_probe).sum()).backward()
    parameters = dict(model.named_parameters())
    stored = {"input.ids": ids, "input.mask": mask, "input.types": types, "pooled": output.pooler_output}
    stored |= {"probe.last": probe, "probe.pooled": pooled_probe}
    stored |= {f"hidden.{index}": value for index, value in enumerate(output.hidden_states)}
    stored |= {f"attention.{index}": value for index, value in enumerate(output.attentions)}
    stored |= {f"weight.{ours}": parameters[theirs] for ours, theirs in names().items()}
    stored |= {f"gradient.{ours}": parameters[theirs].grad.norm() for ours, theirs in names().items()}
    return {name: value.detach().contiguous() for name, value in sorted(stored.items())}


def minilm_figures(folder: Path) -> dict[str, Any]:
    """A few numbers of the released `minilm`, computed by `transformers` in float32, in the form of bert-base-uncased.json."""
    from transformers import BertModel

    figures = json.loads((FOLDER / "bert-base-uncased.json").read_text(encoding="utf-8"))  # the same texts, tokens and places
    output = BertModel.from_pretrained(folder).eval()(torch.tensor(figures["input_ids"]), torch.tensor(figures["attention_mask"]))
    for token in figures["tokens"]:
        token["first_numbers"] = _digits(output.last_hidden_state[token["row"], token["position"], :6])
    for pooled in figures["pooled"]:
        pooled["first_numbers"] = _digits(output.pooler_output[pooled["row"], :3])
    return figures | {"source": f"{WHAT} of the released weights, float32", "command": COMMAND, "versions": _versions()}


def main() -> int:
    """Write references/encoder.safetensors, its birth certificate and, where those weights are, minilm.json; returns 0."""
    content = save(tensors(oracle()))
    (FOLDER / "encoder.safetensors").write_bytes(content)
    CERTIFICATE.write_text(json.dumps(_certificate(content), indent=2) + "\n", encoding="utf-8")
    print(f"wrote {len(content)} bytes of references")
    minilm = present(KNOWN["minilm"], KNOWN["minilm"].files)
    if minilm is None:
        print("minilm is not on this machine, so minilm.json stays as it is")
    else:
        (FOLDER / "minilm.json").write_text(json.dumps(minilm_figures(minilm), indent=2) + "\n", encoding="utf-8")
    return 0


def _digits(numbers: Tensor) -> list[float]:
    return [float(f"{number:.8g}") for number in numbers.tolist()]


def _versions() -> dict[str, str]:
    import safetensors
    import transformers

    packages = {package.__name__: package.__version__ for package in (torch, transformers, safetensors)}
    return {"python": platform.python_version()} | packages


def _certificate(content: bytes) -> dict[str, Any]:
    return {"what": f"{WHAT}, eager attention, float64, eval mode", "command": COMMAND, "seed": SEED, "versions": _versions(),
            "sizes": {field: getattr(CONFIG, field) for field in CONFIG.__dataclass_fields__} | {"B": B, "T": T},
            "names": names(), "sha256": {"encoder.safetensors": hashlib.sha256(content).hexdigest()}}


if __name__ == "__main__":
    raise SystemExit(main())
