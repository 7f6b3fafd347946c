"""What is said about the mistakes of a turn: its steps, who learns in it, who rests, and what is as before when it ends.

(where, equation, {name: (says, look, line[, severity])})
"""

from __future__ import annotations

STEPS = "In layer_focus (stage_one)."
WHO = "In trainable (turn_of, learners)."
BLOCK = "In trainable (only)."
REST = "In trainable (only, its helper that lets layers rest)."
NUMBER, MEANT, EDGE, MODE = "Which number has a layer in a name?", "Look at the comparison.", "What does the block leave behind?", "Which mode has a layer that rests?"

TURNS: tuple[tuple[str, str, dict[str, tuple[str, ...]]], ...] = (
    (STEPS, "For each turn: focus on the layer, a new optimizer of its parameters, then steps of loss, backward, step, gradients away.", {
        "all-learn-in-every-turn": ("Everything learns in every turn.", "What does the block focus on?", "The layer of the turn."),
        "below-not-passed-on": ("The mode of resting layers is not passed on, so dropout is always off there.", "What does the block get?", "The mode too.", "option"),
        "one-optimizer-for-all-turns": ("One optimizer serves all turns, and what it remembers of one pushes another.", "Where is the optimizer made?", "Once a turn."),
        "optimizer-anew-each-step": ("There is a new optimizer for every step, so momentum never builds up.", "Where is the optimizer made?", "Once a turn."),
        "gradients-pile-up": ("Gradients are not cleared between steps and add up.", "What happens after a step?", "Clear them."),
        "loss-of-the-last-exit": ("The loss is always that of the last exit.", "What is asked for a loss?", "The exit of the turn's layer."),
        "one-step-a-turn": ("Every turn has one step.", "Count the steps.", "As many as the turn says."),
    }),
    (WHO, "Turn k: layer k, its towers' layers and exit k; turn L also heads, relation, crossing and poolers; no turn: embeddings, adapters, frozen copies.", {
        "turn-from-zero": ("Layers learn a turn early: names count from 0, turns from 1.", NUMBER, "One more than in the name."),
        "exits-in-no-turn": ("Exits learn in no turn, so a layer learns for an exit that stands still.", "Who has a number?", "Exit k learns with layer k."),
        "towers-in-no-turn": ("Layers in towers learn in no turn.", "Who has a number?", "They learn with the layer of their number."),
        "heads-in-the-first-turn": ("Heads and poolers learn in the first turn, far from the layer that they read.", "What stands above the last layer?", "It learns in the last turn."),
        "heads-in-no-turn": ("Heads and poolers learn in no turn.", "What stands above the last layer?", "It learns in the last turn."),
        "pooler-in-no-turn": ("Poolers learn in no turn.", "What stands above the last layer?", "It learns in the last turn."),
        "embeddings-move": ("The embeddings learn in the first turn.", "Which turn have the embeddings?", "None."),
        "lower-layers-learn-too": ("The layers below learn too, so a turn is no turn of one layer.", MEANT, "One layer alone."),
    }),
    (BLOCK, "Inside, what the word means requires gradients and nothing else; at both edges no gradient is left; afterwards flags and modes are those of before.", {
        "still-copy-learns": ("What was frozen before learns too.", "Who is asked at all?", "Only what is not frozen yet."),
        "nothing-frozen": ("Nothing is frozen inside the block.", "Look at the flags.", "Only the chosen require gradients."),
        "nobody-learns-and-nobody-says-so": ("A turn in which nothing learns is accepted.", "What if no name fits?", "Refuse it.", "option"),
        "optimizer-gets-everybody": ("The optimizer is given everything, so decay moves what rests as soon as it has a gradient.", "What does the block hand out?", "Those who learn."),
        "flags-not-restored": ("After the block what rested is still frozen.", EDGE, "Everything that was not frozen learns again."),
        "flags-lost-by-an-interruption": ("When the block is interrupted, what rested stays frozen.", EDGE, "Whatever happens inside, flags come back.", "option"),
        "modes-not-restored": ("After the block layers that rested are still in eval mode.", EDGE, "Modes as before.", "train"),
        "old-gradients-stay": ("Gradients from before stay, so an optimizer moves layers that rest.", "Who has a gradient?", "Nobody, at both edges."),
        "zeros-for-absent-gradients": ("Layers that rest have gradients of 0, which momentum and decay take for a reason to move.", "Who has a gradient?", "None is not 0."),
        "gradients-stay-after-a-turn": ("A turn's gradients stay after it and join those of the next stage.", "Who has a gradient?", "Nobody, at both edges."),
    }),
    (REST, "below = eval: dropout is off in every layer in which nothing learns; below = train: as plain training has it.", {
        "resting-layers-drop-out": ("Layers that rest stay in train mode, so an exit learns from other states than it will read.", MODE, "Eval, unless it is asked otherwise.", "train"),
        "learning-layers-rest-too": ("The layer that learns is in eval mode too.", "Who learns in a layer?", "Only layers in which nothing does.", "train"),
        "embeddings-drop-out": ("The embeddings stay in train mode, though they rest.", "Which parts have a mode of their own?", "Layers, embeddings, adapters.", "train"),
    }),
)  # fmt: skip
