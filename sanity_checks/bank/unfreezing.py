"""What is said about the mistakes of gradual unfreezing."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
RUNG = ("In unfreezing, rung.", "0 heads and adapters, 1 layer L and poolers, 2 layer L - 1, ..., L the lowest layer, L + 1 the embeddings.", "Count from the top: layer i of L, from 0, is on rung L - i.")
WHO = ("In unfreezing, Unfreezing.begin.", "In epoch e, from 0, everything up to rung e times the layers an epoch learns, of what will learn in the end.",
       "One comparison decides, for every parameter, in every epoch anew.")
REST = ("In unfreezing, the second loop of Unfreezing.begin.", "What is above that rung is in eval mode: what it computes stays the same until it learns.", "The parts beyond the highest rung rest, the others do not.")

TOP = "Put the top layer in, and the lowest."
MISTAKES: dict[str, Mistake] = {
    "from-the-bottom": Mistake("Layers join from the bottom to the top.", TOP, *RUNG),
    "top-layer-at-once": Mistake("The top layer learns from the first epoch on, and every other one an epoch early.", TOP, *RUNG),
    "a-layer-late": Mistake("Every layer joins an epoch late.", TOP, *RUNG),
    "layers-in-one-rung": Mistake("All layers join at once.", TOP, *RUNG),
    "towers-at-once": Mistake("Layers in towers join with the top layer, wherever they stand.", "What do their names start with?", *RUNG),
    "pooler-at-once": Mistake("The poolers learn from the first epoch on.", "On which rung is a pooler?", *RUNG),
    "pooler-last": Mistake("The poolers join last.", "On which rung is a pooler?", *RUNG),
    "embeddings-with-the-lowest-layer": Mistake("The embeddings join with the lowest layer.", "They have a rung of their own.", *RUNG),
    "embeddings-at-once": Mistake("The embeddings learn from the first epoch on.", "They are below everything.", *RUNG),
    "embeddings-first": Mistake("The embeddings join first.", "They are below everything.", *RUNG),
    "adapters-last": Mistake("Adapters join last, although they start with nothing learned.", "On which rung is an adapter?", *RUNG),
    "heads-wait-too": Mistake("Heads do not learn in the first epoch.", "Who learns in epoch 1?", *RUNG),
    "everything-at-once": Mistake("Everything learns from the first epoch on.", "What does the epoch change?", *WHO),
    "heads-for-ever": Mistake("Only heads ever learn.", "What does the epoch change?", *WHO),
    "epoch-early": Mistake("Everything joins an epoch early: epochs count from 0.", "Who learns in epoch 1?", *WHO),
    "layers-an-epoch-ignored": Mistake("One layer joins an epoch, however many are asked for.", "What is the epoch multiplied by?", *WHO, severity="option"),
    "one-part-at-a-time": Mistake("Only the newest part learns; what joined before is frozen again.", "Look at the comparison.", *WHO),
    "heads-and-one-part": Mistake("Heads and the newest part learn; what joined between is frozen again.", "Look at the comparison.", *WHO),
    "frozen-and-learning-exchanged": Mistake("What should be frozen learns, and the other way round.", "Look at the comparison.", *WHO),
    "nobody-frozen": Mistake("Nothing is frozen.", "Look at the comparison.", *WHO),
    "last-epoch-in-one-leap": Mistake("Everything left joins before its time.", "Look at the comparison.", *WHO),
    "still-copy-unfrozen": Mistake("What is to stay frozen for good is unfrozen too.", "Who is asked at all?", *WHO),
    "frozen-ones-drop-out": Mistake("Frozen layers stay in train mode, so their dropout makes what heads learn from noisy.", "Which mode has a frozen layer?", *REST, severity="train"),
    "learning-ones-rest": Mistake("Layers that learn are in eval mode, frozen ones in train mode.", "Look at the comparison.", *REST, severity="train"),
    "newest-rests": Mistake("The part that has just joined is in eval mode still.", "Look at the comparison.", *REST, severity="train"),
}  # fmt: skip
