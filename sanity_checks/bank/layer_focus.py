"""What is said about the mistakes of sequential layer focus: the state of a layer, who learns in a turn."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.layer_focus_turns import TURNS


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


ASK = "Count how often the encoder is asked for a layer."
_STATE = _of("In layer_focus (state_after).", "h_k = layer_k(h_{k-1}), h_{k-1} without a graph; the layers above k are never called.", {
    "reads-the-layer-below": ("Exit k reads the state below layer k, so that layer never learns from it.", ASK, "k layers run before the state is read."),
    "reads-the-layer-above": ("Exit k reads the state above layer k + 1.", ASK, "k layers run before the state is read."),
    "all-layers-run": ("All layers run, and those above are thrown away.", ASK, "Stop asking at k."),
    "graph-below": ("The layers below keep their graph, and are differentiated for nothing.", "Which of them need gradients?", "None, unless it is asked for."),
    "through-ignored": ("Gradients never reach the embeddings, even when a regularizer needs them.", "Look at what `through` does.", "With it the layers below keep their graph.", "option"),
    "state-without-graph": ("The state itself has no graph, so layer k cannot learn.", "Where does the graph begin?", "Layer k is inside it."),
    "mask-missing": ("The attention mask is not handed on.", "What do the layers get?", "States and mask."),
    "any-layer-accepted": ("A layer that does not exist gives the embeddings back.", "What if a layer has no number?", "Refuse it.", "option"),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _STATE | {name: each for topic in TURNS for name, each in _of(*topic).items()}
