"""What the probe of calibration and of exit curves needs: temperatures, the calibration error, who leaves where, points, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

Row = tuple[float, float, float, tuple[float, ...]]  # threshold, score, mean layer, share that leaves after each layer


@dataclass(frozen=True)
class Calibration:
    """likelihood(logits, labels, kind, temperature) -> mean of -log p[y]; temperature(logits, labels, kind) -> number;
    error(logits, labels, kind, temperature, bins) -> number; left(logits of each exit, rule, threshold, kind, tolerance, certainties or None) -> layers (N,);
    at(logits of each exit, layers) -> logits; fractions(layers, depth) -> shares; saving(row) -> number;
    curve(logits of each exit, labels, task, rule, thresholds, what the rule reads or None) -> rows; choose(rows, full score, allowed loss) -> threshold."""

    likelihood: Callable[..., float]
    temperature: Callable[..., float]
    error: Callable[..., float]
    left: Callable[..., Tensor]
    at: Callable[[Sequence[Tensor], Tensor], Tensor]
    fractions: Callable[[Tensor, int], tuple[float, ...]]
    saving: Callable[[Row], float]
    curve: Callable[..., list[Row]]
    choose: Callable[[Sequence[Row], float, float], float]


def library() -> Calibration:
    """The subject made of tasks/calibration.py and tasks/exit_curve.py."""
    import tasks.calibration as ours  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.exit_curve as curves
    from tasks.exit_rules import exit_rule
    from tasks.registry import TASKS

    def left(history: Sequence[Tensor], rule: str, threshold: float, kind: str, tolerance: float = 0.5, learned: Sequence[Tensor] | None = None) -> Tensor:
        return curves.left_at(history, exit_rule(rule, threshold, kind, tolerance), kind, learned)

    def curve(history: Sequence[Tensor], labels: Tensor, task: str, rule: str, thresholds: Sequence[float], read: Sequence[Tensor] | None = None) -> list[Row]:
        found = curves.exit_curve(history, labels, TASKS[task], rule, thresholds, rule_reads=read)
        return [(each.threshold, each.score, each.mean_layer, each.fractions) for each in found]

    return Calibration(
        lambda *given: ours.negative_log_likelihood(*given), lambda *given: ours.temperature_of(*given), lambda *given: ours.calibration_error(*given), left,
        lambda history, layers: curves.logits_at(history, layers), lambda layers, depth: curves.fractions(layers, depth), lambda row: curves.Point(*row).saving, curve,
        lambda rows, full, lose: curves.choose_threshold([curves.Point(*row) for row in rows], full, lose).threshold,
    )  # fmt: skip
