"""SMART: the answer must not change much anywhere in a small ball around the embeddings (Jiang et al. 2020, equation 2 and algorithm 1).

    R = (1/B) sum_i  max over |x~_i - x_i| <= epsilon of  l(f(x~_i), f(x_i))

The maximum is sought by gradient ascent from a random start, and the perturbation found is then a constant of the loss:

    delta = sigma * noise;   repeat `steps` times:   g = dl/d delta,   delta <- project(delta + eta g / |g|) onto |delta| <= epsilon

At delta = 0 every smooth divergence has slope 0, which is why the random start is needed.  The gradient of R flows through both answers.
Letters: B batch, R rows (B, or 2B for siamese pairs), T tokens, C model width.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .divergences import Divergence

LogitsOf = Callable[..., Tensor]  # (embeddings, masks="fresh" | "same" | "off") -> logits

# What one norm is taken over, in embeddings (R, T, C).
SCOPES = {"token": (-1,), "sentence": (-2, -1), "batch": (-3, -2, -1)}


@dataclass(frozen=True)
class SmartSettings:
    """epsilon: radius of the ball; sigma: standard deviation of the start; eta: step of the ascent; steps: how many; norm: "inf" or "2";
    scope: what one norm is taken over, "token", "sentence" or "batch"; dropout: "same" (the masks of the clean pass), "independent" (fresh
    ones, so that R measures dropout as well as smoothness) or "off" (a clean pass without dropout too).  The paper's epsilon, sigma, eta."""

    epsilon: float = 1e-5
    sigma: float = 1e-5
    eta: float = 1e-3
    steps: int = 1
    norm: str = "inf"
    scope: str = "batch"
    dropout: str = "same"

    def __post_init__(self) -> None:
        rules = {
            "epsilon": (self.epsilon >= 0, "0 or more"), "sigma": (self.sigma >= 0, "0 or more"), "eta": (self.eta > 0, "above 0"),
            "steps": (self.steps >= 0, "0 or more"), "norm": (self.norm in NORMS, " or ".join(map(repr, NORMS))),
            "scope": (self.scope in SCOPES, ", ".join(map(repr, SCOPES))), "dropout": (self.dropout in MASKS, ", ".join(map(repr, MASKS))),
        }  # fmt: skip
        for name, (is_fine, wanted) in rules.items():
            if not is_fine:
                raise ValueError(f"SMART got {name}={getattr(self, name)!r}, expected {wanted}.")
        if self.epsilon > 0 and self.sigma == 0:
            raise ValueError("SMART got sigma=0: the slope at the clean embeddings is exactly 0, so no ascent can start there; try sigma=1e-5.")


def _sup(x: Tensor, over: tuple[int, ...]) -> Tensor:
    return x.abs().amax(over, keepdim=True)


def _euclid(x: Tensor, over: tuple[int, ...]) -> Tensor:
    return x.square().sum(over, keepdim=True).sqrt()


NORMS = {"inf": _sup, "2": _euclid}
MASKS = {"same": "same", "independent": "fresh", "off": "off"}  # our word for the choice -> what `logits_of` is asked for


def project(delta: Tensor, settings: SmartSettings) -> Tensor:
    """The nearest point of the ball |delta| <= epsilon, same shape: numbers are clipped (inf), or the whole is shortened (2)."""
    if settings.norm == "inf":
        return delta.clamp(-settings.epsilon, settings.epsilon)
    length = NORMS["2"](delta, SCOPES[settings.scope])
    return delta * (settings.epsilon / length.clamp(min=settings.epsilon or 1.0))


def perturbation(respond: Callable[[Tensor], Tensor], clean: Tensor, like: Tensor, distance: Divergence, settings: SmartSettings, generator: torch.Generator) -> Tensor:
    """delta, of the shape, dtype and device of `like` (R, T, C), found by ascent; gradients of the model's parameters are left alone.

    respond: delta -> logits; clean: the clean logits, a constant here; distance: l; generator: draws the start, on its own device.
    """
    delta = settings.sigma * torch.randn(like.shape, generator=generator, device=generator.device).to(like)  # (R, T, C)
    for _ in range(settings.steps):
        delta.requires_grad_()
        with torch.enable_grad():
            (slope,) = torch.autograd.grad(distance(respond(delta), clean), delta)  # for delta alone: no .grad is touched
        size = NORMS[settings.norm](slope, SCOPES[settings.scope]).clamp(min=torch.finfo(slope.dtype).tiny)
        delta = project(delta.detach() + settings.eta * slope / size, settings)
    return project(delta, settings)  # without a single step the start itself must obey the ball


class Smart:
    """The regularizer of the paper.  distance: a divergence of logits; generator: draws the start and nothing else.

        smart = Smart(divergence("classes"), torch.Generator().manual_seed(1))
        loss = task_loss + 5.0 * smart(logits_of, embeddings, logits)
    """

    def __init__(self, distance: Divergence, generator: torch.Generator, settings: SmartSettings = SmartSettings()) -> None:
        self.distance, self.generator, self.settings = distance, generator, settings

    def __call__(self, logits_of: LogitsOf, embeddings: Tensor, logits: Tensor) -> Tensor:
        """R, a scalar: embeddings (R, T, C) and logits (B, k) or (B,) are the clean ones, with their graph."""
        respond = self._responder(logits_of)
        clean = respond(embeddings) if self.settings.dropout == "off" else logits
        start = embeddings.detach()
        delta = perturbation(lambda moved: respond(start + moved), clean.detach(), start, self.distance, self.settings, self.generator)
        return self.distance(respond(embeddings + delta), clean)

    def _responder(self, logits_of: LogitsOf) -> Callable[[Tensor], Tensor]:
        masks = MASKS[self.settings.dropout]
        return logits_of if masks == "fresh" else lambda embeddings: logits_of(embeddings, masks=masks)
