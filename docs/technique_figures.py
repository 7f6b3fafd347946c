"""The pictures of the pages on gradient surgery and SMART, each computed by the library's own functions; docs/figures.py draws them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from optim.pcgrad import pcgrad
from optim.surgery import gse_merges
from optim.task_gradients import total
from regularizers import SmartSettings, divergence
from regularizers.smart import perturbation

ORANGE, BLUE, GREEN, GREY = "#d95f02", "#1f78b4", "#1b9e77", "#777777"


def _arrow(axis: Any, start: Any, by: Any, colour: str, name: str, style: str = "-", shift: tuple[float, float] = (0.04, 0.04)) -> None:
    axis.annotate("", xytext=tuple(start), xy=(float(start[0] + by[0]), float(start[1] + by[1])),
                  arrowprops={"arrowstyle": "->", "color": colour, "lw": 2.2, "linestyle": style})
    axis.text(float(start[0] + by[0]) + shift[0], float(start[1] + by[1]) + shift[1], name, color=colour, fontsize=12)


def surgery_plane(path: Path) -> None:
    """Two gradients in the plane: agreeing, where nothing happens, and in conflict, where each gives up a part."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
    for axis, (title, one, two) in zip(axes, (("They agree: nothing is changed", (1.0, 0.15), (0.35, 0.95)), ("They conflict: each gives up a part", (1.1, 0.0), (-0.8, 0.9)))):
        gradients = [torch.tensor(each) for each in (one, two)]
        generator = torch.Generator().manual_seed(0)
        merged = pcgrad([[each] for each in gradients], generator)[0]
        for number, (own, other) in enumerate(((0, 1), (1, 0)), start=1):
            g, h, colour = gradients[own], gradients[other], (BLUE, ORANGE)[own]
            _arrow(axis, (0, 0), g, colour, f"$g_{number}$")
            if g @ h < 0:
                projected = g - (g @ h) / (h @ h) * h
                _arrow(axis, (0, 0), projected, colour, f"$p_{number}$", "--", (0.05, -0.1))
                axis.plot(*zip(g.tolist(), projected.tolist()), ":", color=GREY)
        _arrow(axis, (0, 0), merged, GREEN, "merged", shift=(-0.2, 0.06))
        _arrow(axis, (0, 0), total([[each] for each in gradients])[0], GREY, "plain sum", ":", (0.04, -0.16))
        axis.set(xlim=(-1.3, 2.1), ylim=(-0.35, 1.75), aspect="equal", title=title)
        axis.axhline(0, color="#dddddd", zorder=0)
        axis.axvline(0, color="#dddddd", zorder=0)
    figure.savefig(path, dpi=100)
    plt.close(figure)


CURVATURES, CENTRES = torch.tensor([[1.0, 4.0], [3.0, 1.0]]), torch.tensor([[1.0, 0.0], [-1.0, 0.5]])


def gse_paths(path: Path) -> None:
    """Two quadratic tasks in the plane: where ten steps lead that are summed, projected, or both in turn (GSE)."""
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(6.4, 5), layout="constrained")
    x, y = torch.meshgrid(torch.linspace(-1.3, 1.3, 121), torch.linspace(-0.4, 1.2, 121), indexing="xy")
    for curvature, centre, colour in zip(CURVATURES, CENTRES, (BLUE, ORANGE)):
        height = (curvature[0] * (x - centre[0]) ** 2 + curvature[1] * (y - centre[1]) ** 2) / 2
        axis.contour(x, y, height, levels=[0.1, 0.4, 0.9, 1.6, 2.5], colors=colour, linewidths=0.7, alpha=0.6)
        axis.plot(*centre, "x", color=colour, markersize=9)
    generator = torch.Generator().manual_seed(0)
    rules = {"plain sum, 10 updates": [total], "PCGrad, 10 updates": [lambda gradients: pcgrad(gradients, generator)], "GSE, 10 steps of 2 updates": list(gse_merges(generator))}
    for (name, merges), colour, mark in zip(rules.items(), (GREY, GREEN, "#7570b3"), "o^s"):
        theta, places = torch.tensor([-0.9, 1.1]), []
        for _ in range(10):
            gradients = [[curvature * (theta - centre)] for curvature, centre in zip(CURVATURES, CENTRES)]
            places.append(theta.tolist())
            for merge in merges:
                theta = theta - 0.05 * merge(gradients)[0]
        axis.plot(*zip(*places, theta.tolist()), f"-{mark}", color=colour, label=name, markersize=4)
    axis.set(aspect="equal", title="Two tasks (crosses), three ways down")
    axis.legend(loc="lower right")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def smart_ball(path: Path) -> None:
    """A two-dimensional embedding in its ball: the divergence around it, ten random starts, and where one ascent step takes each."""
    from matplotlib import pyplot as plt

    first, second = torch.tensor([[3.0, -1.0], [-2.0, 2.5], [0.5, 0.5]]), torch.tensor([[1.0, 2.0], [2.0, -1.0]])
    clean, distance, epsilon = torch.tensor([[[0.3, 0.2]]]), divergence("classes"), 0.25
    model = lambda points: torch.tanh(points @ second.T) @ first.T
    side = torch.linspace(-0.4, 0.4, 161)
    grid = torch.stack(torch.meshgrid(side, side, indexing="xy"), -1).reshape(-1, 1, 2)
    answer = model(clean[:, 0])
    heights = torch.stack([distance(model((clean + move)[:, 0]), answer) for move in grid]).reshape(161, 161)
    figure, axis = plt.subplots(figsize=(6.2, 5), layout="constrained")
    colours = axis.contourf(side, side, heights, levels=14, cmap="Blues")
    figure.colorbar(colours, label="divergence from the clean answer")
    axis.add_patch(plt.Rectangle((-epsilon, -epsilon), 2 * epsilon, 2 * epsilon, fill=False, color=ORANGE, lw=2))
    for seed in range(10):
        settings = SmartSettings(epsilon=epsilon, sigma=0.05, eta=0.6)
        start = settings.sigma * torch.randn(1, 1, 2, generator=torch.Generator().manual_seed(seed))
        end = perturbation(lambda move: model((clean + move)[:, 0]), answer, clean, distance, settings, torch.Generator().manual_seed(seed))
        axis.annotate("", xytext=tuple(start.flatten().tolist()), xy=tuple(end.flatten().tolist()), arrowprops={"arrowstyle": "->", "color": ORANGE, "lw": 1.3})
        axis.plot(*start.flatten().tolist(), ".", color="black", markersize=4)
    axis.plot(0, 0, "+", color="black", markersize=12)
    axis.text(-epsilon, epsilon + 0.01, "ball of radius epsilon (sup-norm)", color=ORANGE)
    axis.set(aspect="equal", title="Random starts (dots) and one ascent step", xlabel="delta, first number", ylabel="second number")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def cosine_saturation(path: Path) -> None:
    """The score that each output of the cosine head gives for a cosine, and its slope."""
    from matplotlib import pyplot as plt

    from tasks.cosine_heads import OUTPUTS

    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for name, output, scale, colour in (("sigmoid, scale 20 (paper)", "sigmoid", 20.0, ORANGE), ("sigmoid, scale 5", "sigmoid", 5.0, BLUE),
                                        ("affine", "affine", 1.0, GREEN), ("relu", "relu", 1.0, GREY)):
        cosines = torch.linspace(-1, 1, 401, dtype=torch.float64, requires_grad=True)
        scores = OUTPUTS[output](cosines, 5.0, scale)
        (slopes,) = torch.autograd.grad(scores.sum(), cosines)
        axes[0].plot(cosines.detach(), scores.detach(), color=colour, label=name)
        axes[1].semilogy(cosines.detach(), slopes.clamp(min=1e-8), color=colour)
    axes[0].set(title="score", xlabel="cos(u, v)")
    axes[1].set(title="slope of the score", xlabel="cos(u, v)", ylim=(1e-7, 60))
    axes[0].legend()
    figure.savefig(path, dpi=100)
    plt.close(figure)
