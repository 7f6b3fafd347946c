"""Encoder forward: ours against `transformers` on the same padded batch, and against the matrix-product rate of this machine, in one run.

    python tests/benchmarks/encoder.py [--size base|minilm] [--rows 16] [--tokens 64]

Bars: at least 0.95 of the speed of transformers (SDPA); at BERT-base size at least 0.85 of the rate of a 1024 x 768 x 3072 matrix product.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch

from minbert import Bert, BertConfig

SIZES = {
    "base": BertConfig(),
    "minilm": BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536),
}


def interleaved(sides: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each side; the sides take turns, so that a busy moment of the machine hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, run in sides.items():
            start = time.perf_counter()
            run()
            if number:  # the first round warms caches up
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def forward_flops(config: BertConfig, rows: int, tokens: int) -> float:
    """Multiply-adds times two of one forward: 12 C^2 per token and layer (8 of them feed-forward), and two products with T x T scores."""
    width, inner = config.hidden_size, config.intermediate_size
    per_layer = rows * tokens * (4 * width**2 + 2 * width * inner) + 2 * rows * tokens**2 * width
    return 2.0 * (config.num_hidden_layers * per_layer + rows * width**2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="base")
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    from transformers import BertConfig as TheirConfig
    from transformers import BertModel

    config = SIZES[arguments.size]
    fields = {field: getattr(config, field) for field in config.__dataclass_fields__}
    ours, theirs = Bert(config).eval(), BertModel(TheirConfig(**fields, attn_implementation="sdpa")).eval()
    ids = torch.randint(1000, 30000, (arguments.rows, arguments.tokens))
    mask = torch.ones_like(ids)
    mask[0, -1] = 0  # a padded batch, as most are
    left, right = torch.randn(1024, 768), torch.randn(768, 3072)
    with torch.inference_mode():
        sides = {
            "minbert": lambda: ours(ids, mask, keep_states=False),  # transformers keeps none either unless asked
            "minbert, [CLS] only": lambda: ours(ids, mask, first_only=True, keep_states=False),
            "transformers SDPA": lambda: theirs(ids, mask),
            "matrix product": lambda: [left @ right for _ in range(20)],
        }
        seconds = interleaved(sides, arguments.rounds)
    product_rate = 20 * 2 * 1024 * 768 * 3072 / seconds["matrix product"]
    our_rate = forward_flops(config, arguments.rows, arguments.tokens) / seconds["minbert"]
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {arguments.size} size, batch {arguments.rows} x {arguments.tokens} tokens")
    for name, value in seconds.items():
        print(f"  {name:<22}{1000 * value:9.1f} ms")
    print(f"speed against transformers SDPA   {seconds['transformers SDPA'] / seconds['minbert']:.2f}   (bar 0.95)")
    print(f"share of the matrix-product rate  {our_rate / product_rate:.2f}   (bar 0.85 at base size; product {product_rate / 1e9:.0f} GFLOP/s)")


if __name__ == "__main__":
    main()
