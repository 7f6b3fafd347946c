"""What is said about the mistakes of the plan of sequential layer focus: turns, stages and prices."""

from __future__ import annotations

from sanity_checks.bank import Mistake


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


ORDER, DRAWN = "Look at the layers in their order.", "Look at where chance comes from."
_PLAN = _of("In focus_plan (focus_plan, focus_stages).", "Every layer once, each for the same number of steps; then stage 2, in which all learn.", {
    "order-ignored": ("Layers take their turns from the bottom to the top, whatever order is asked for.", ORDER, "The order is looked up by its name."),
    "order-exchanged": ("Bottom-up and top-down are exchanged.", ORDER, "Bottom-up begins with layer 1."),
    "layers-from-zero": ("Turns count layers from 0, so the top layer has none.", ORDER, "Layers are 1 to L."),
    "last-turn-left-out": ("The last layer of the order has no turn.", "Count the turns.", "L layers have L turns."),
    "random-order-with-repeats": ("A random order draws with repeats, so some layers have no turn.", "Count the layers.", "A permutation holds each once."),
    "random-order-not-from-generator": ("The random order comes from torch's global generator, and moves what others draw.", DRAWN, "Hand the generator on."),
    "random-order-fixed": ("The random order is the same for every seed.", DRAWN, "Hand the generator on."),
    "steps-shared-by-all": ("The steps for each layer are divided among all layers.", "Look at the length of a turn.", "Every turn has all of them."),
    "no-steps-give-turns": ("With 0 steps there are turns still, of no length.", "What is a plan without stage 1?", "No turns at all.", "option"),
    "stages-without-stage-2": ("Stage 2 is left out.", "Look at the end of the stages.", "After the turns all learn together."),
    "stage-2-first": ("Stage 2 comes before the turns.", "Look at the order of the stages.", "Turns first."),
    "turns-leave-the-best": ("A turn puts its best weights back, by dev scores of a model whose exits are not ready.", "Look at what a turn leaves behind.", "It leaves its last."),
})  # fmt: skip
FREE = "Count layers, forwards and backwards."
_PRICE = _of("In focus_plan (focus_work, cost_of, affordable_steps).", "A step that runs f layers forwards and b backwards costs f + 2b; ordinary training L + 2L; turn k has f = k, b = 1.", {
    "batches-counted-once": ("An epoch for each of L layers is counted as one epoch, although the data is read L times.", "Count the batches.", "Batches of all turns add up."),
    "price-not-in-full-passes": ("The price is counted in layers, and called full passes.", "Look at the unit.", "A full pass is L layers."),
    "price-without-layers-below": ("The layers below a turn's own are counted as if they ran for nothing.", FREE, "They run forwards."),
    "price-without-own-layer": ("A turn's own layer is not counted forwards.", FREE, "Layer k needs k layers."),
    "price-of-gradients-below": ("Layers below are counted backwards too, though nothing in them learns.", FREE, "One layer is differentiated."),
    "backward-as-dear-as-forward": ("A backward pass is counted as one forward pass.", "Count the products of a backward pass.", "Two for each forward one."),
    "ordinary-backward-of-one-layer": ("Ordinary training is counted as if one layer learned.", FREE, "All L layers learn."),
    "turns-as-dear-as-full-steps": ("A step of a turn is counted as a whole step of ordinary training.", "Look at what a turn costs.", "Turns are cheaper."),
    "turns-for-nothing": ("Every layer gets as many steps as all of them may cost together.", "Look at what is divided.", "The budget is shared by L turns."),
    "affordable-rounded-up": ("Steps per layer are rounded up, so the turns cost more than the budget.", "Look at the rounding.", "At most the budget."),
    "affordable-without-backward": ("Steps per layer are computed as if all layers below were differentiated too.", FREE, "One layer is differentiated."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _PLAN | _PRICE
