"""Task functions beside every layer: projected attention layers, PALs (Stickland and Murray 2019), and their low-rank cousins.

    y = LayerNorm(h + Dropout(MultiHead(h)))               as ever: h goes into the layer
    z = LayerNorm(y + TS(h) + Dropout(FFN(y)))             TS runs beside the whole layer, and enters before its last norm

    PAL        TS(h) = SA(h V_E) V_D          SA: attention in S dimensions, without output matrix, own weights in every layer
    low rank   TS(h) = GELU(h V_E) V_D        a matrix pair per layer, no token sees another

V_E and V_D of a PAL are shared by all layers of one task, and by no other task.  V_D starts at zero: a fresh task function adds 0, and the
model is plain BERT until the first update.  V_E must then not be zero too, or neither would ever get a gradient.
Letters: B batch, T tokens, Q of them asked for (T, or 1), C model width, S width of the task function, L layers.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.attention import Attended, MultiHeadAttention
from minbert.bert import initialise
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.layer import EncoderLayer, add_norm


def projected_attention(hidden: Tensor, bias: Tensor | None, down: nn.Module, attention: nn.Module, up: nn.Module, first_only: bool = False) -> Tensor:
    """TS(h) = SA(h V_E) V_D: hidden (B, T, C), bias (B, 1, 1, T) or None -> (B, T, C), or (B, 1, C) when `first_only`."""
    low = down(hidden)  # (B, T, S)
    asking = low[:, :1] if first_only else low  # (B, Q, S): keys and values still come from every token
    return up(attention(asking, low, bias).output)  # (B, Q, C)


class Pals(nn.Module):
    """One task's PALs for all layers: V_E, V_D, and L attentions.

    heads and after: 12 and None in the paper, 6 and GELU in the code that its authors published (which applies it to the output of V_D).
    generator: draws the first weights, N(0, std^2) except for the zeros of V_D.  Raises `UserError` for a size that the heads do not divide.
    """

    def __init__(
        self, config: BertConfig, size: int = 204, heads: int = 12, after: Callable[[Tensor], Tensor] | None = None,
        generator: torch.Generator | None = None, kernel: str = "fused",
    ) -> None:  # fmt: skip
        super().__init__()
        self.after = after
        with torch.random.fork_rng(devices=[]):  # nn.Linear draws from torch's own generator, which must not notice that there are PALs
            self.down = nn.Linear(config.hidden_size, size)
            self.attentions = nn.ModuleList(headed_attention(size, heads, kernel) for _ in range(config.num_hidden_layers))
            self.up = nn.Linear(size, config.hidden_size)
        for attention in self.attentions:
            attention.output = nn.Identity()  # V_D follows at once, and two matrices in a row are one
        initialise(self, config.initializer_range, generator)
        start_at_zero(self.up)

    def forward(self, number: int, hidden: Tensor, bias: Tensor | None, first_only: bool = False) -> Tensor:
        """What layer `number` (from 0) is to add: hidden (B, T, C), the layer's own input and mask -> (B, Q, C)."""
        added = projected_attention(hidden, bias, self.down, self.attentions[number], self.up, first_only)  # (B, Q, C)
        return added if self.after is None else self.after(added)

    def attach(self, layers: nn.ModuleList) -> list[nn.Module]:
        """The same layers, each with its PAL beside it."""
        return beside_each(layers, self)


class LowRank(nn.Module):
    """One task's low-rank functions TS(h) = GELU(h V_E) V_D, a pair of matrices per layer (size 100 in the paper)."""

    def __init__(self, config: BertConfig, size: int = 100, generator: torch.Generator | None = None) -> None:
        super().__init__()
        width, depth = config.hidden_size, config.num_hidden_layers
        with torch.random.fork_rng(devices=[]):
            self.down = nn.ModuleList(nn.Linear(width, size) for _ in range(depth))
            self.up = nn.ModuleList(nn.Linear(size, width) for _ in range(depth))
        initialise(self, config.initializer_range, generator)
        for up in self.up:
            start_at_zero(up)

    def forward(self, number: int, hidden: Tensor, bias: Tensor | None, first_only: bool = False) -> Tensor:
        """hidden (B, T, C) -> (B, Q, C); no token looks at another, so the mask has nothing to hide."""
        rows = hidden[:, :1] if first_only else hidden  # (B, Q, C)
        return self.up[number](F.gelu(self.down[number](rows)))  # (B, Q, C)

    def attach(self, layers: nn.ModuleList) -> list[nn.Module]:
        """The same layers, each with its pair of matrices beside it."""
        return beside_each(layers, self)


class AdaptedLayer(nn.Module):
    """An `EncoderLayer` with a task function beside it; called as the layer is.

    The function must enter before the layer's last norm, and `EncoderLayer.forward` has no opening there.  So its four lines are said again,
    with its own modules and through the same `add_norm`; TS(h) travels with the residual, where nothing drops it.  Nothing is subclassed or
    hooked, the layer keeps its names, and with TS = 0 both give the same bits, in train mode too (tests/minbert/test_adapters.py).
    """

    def __init__(self, layer: EncoderLayer, function: nn.Module, number: int) -> None:
        super().__init__()
        self.layer, self.function, self.number = layer, function, number

    def forward(self, hidden: Tensor, bias: Tensor | None, first_only: bool = False, need_weights: bool = False) -> Attended:
        """hidden (B, T, C), bias (B, 1, 1, T) or None -> states (B, Q, C) and, if asked, the layer's attention weights."""
        layer, rows = self.layer, hidden[:, :1] if first_only else hidden  # (B, Q, C)
        attended = layer.attention(rows, hidden, bias, need_weights)
        y = add_norm(rows, attended.output, layer.attention_dropout, layer.attention_norm)
        residual = y + self.function(self.number, hidden, bias, first_only)  # of h, not of y: beside the layer and not inside it
        z = add_norm(residual, layer.feed_forward(y), layer.feed_forward_dropout, layer.feed_forward_norm)
        return Attended(z, attended.weights)  # z (B, Q, C)


def beside_each(layers: nn.ModuleList, function: nn.Module) -> list[nn.Module]:
    """Wrap each layer with `function`, which is told the layer's number; `UserError` for layers that are adapted already."""
    strange = [type(layer).__name__ for layer in layers if not isinstance(layer, EncoderLayer)]
    if strange:
        raise UserError(f"a task function goes beside the layers of BERT, got {strange[0]}: adapt a path once.")
    return [AdaptedLayer(layer, function, number) for number, layer in enumerate(layers)]


def headed_attention(size: int, heads: int, kernel: str = "fused") -> MultiHeadAttention:
    """BERT's own attention at another width; `UserError` when the heads would not be equally wide.

    It drops no probabilities, although the published code does: a draw more would shift every later mask of the layers below and above.
    """
    if size % heads:
        raise UserError(f"a task function {size} wide cannot have {heads} heads, expected a multiple of {heads}, such as {max(1, size // heads) * heads}.")
    return MultiHeadAttention(size, heads, 0.0, kernel)


def start_at_zero(up: nn.Linear) -> None:
    """Weight and bias 0, so that what passes through adds nothing yet; its own gradient is not 0, and so it soon does."""
    nn.init.zeros_(up.weight)
    nn.init.zeros_(up.bias)
