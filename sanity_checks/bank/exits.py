"""What is said about the mistakes of exits; those of leaving are in bank/exits_leaving.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.exits_leaving import LEAVING

# Three hints a topic: where, equation, line.
WALK = ("In exits, walk_exits.", "Exit k, from 1, reads the states after layer k; exit L is the model's own head. States before layer 1 are the embeddings, and no exit reads those.",
        "Who is asked answers, who is not gives nothing, and no layer above the highest one asked is called.")
EXIT = ("In exits, Exit.forward.", "head_k(combine(pool_k(h_k))): pool the rows, then join the two sentences of a pair, then the head.", "Rows are all first sentences, then all second ones; padding is not pooled.")
POOLER = ("In exits, OwnPooler and _new_exit.", "Each exit has a pooler of its own, which starts as a copy of the encoder's and learns whatever became of that.", "One copy an exit, and it requires gradients.")
MAKE = ("In exits, make_exits and _new_exit.", "L - 1 exits for each task, with a linear head each, drawn from a stream of its own, and dropout before it.", "Count from layer 1 to the layer below the last.")
LAST = ("In exits, last_exit and all_exits.", "Exit L is all that the model does above its last layer; answers are (B, L, k), lowest exit first.", "Compare with the model's own answer.")

LAYER = "Put in layers whose states tell which one they are."
MISTAKES: dict[str, Mistake] = {
    "reads-the-layer-below": Mistake("Exit k reads the states before layer k: the list of hidden states starts with the embeddings.", LAYER, *WALK),
    "heads-upside-down": Mistake("The heads of exits are used in reverse order.", LAYER, *WALK),
    "first-head-for-all": Mistake("Every exit uses the first one's head.", LAYER, *WALK),
    "head-of-the-exit-below": Mistake("Each exit uses the head of the one below, and the first uses that of the last.", "Which entry of the list belongs to layer 1?", *WALK),
    "last-head-replaced": Mistake("After the last layer an exit's head answers instead of the model's own.", "Compare the last exit with the model.", *WALK),
    "asked-though-they-do-not-count": Mistake("Exits are asked although their loss does not count, so their weights get gradients.", "Who answers when one exit is asked?", *WALK),
    "layers-above-computed": Mistake("Layers above the highest exit that is asked are computed for nothing.", "Count the layers that are called.", *WALK),
    "given-embeddings-ignored": Mistake("Embeddings that are given are ignored, so no regularizer can move them.", "Put in other embeddings.", *WALK, severity="option"),
    "states-detached": Mistake("Exits read detached states, so the layers below learn nothing from them.", "Who gets a gradient from exit 2?", *WALK),
    "one-pooler-for-all-exits": Mistake("All exits of a task share one pooler, which would have to read the states of every depth.", "Count the poolers.", *POOLER),
    "pooler-of-the-encoder": Mistake("Exits use the encoder's own pooler instead of a copy.", "Count the poolers.", *POOLER),
    "pooler-from-scratch": Mistake("Poolers start with random weights instead of as the encoder's.", "Compare the weights at the start.", *POOLER),
    "pooler-frozen-with-the-encoder": Mistake("Poolers copied from a frozen encoder stay frozen.", "Freeze the encoder first.", *POOLER, severity="option"),
    "pooler-skipped": Mistake("The pooler is there and not used: heads read the raw state of position 0.", "Follow the states to the head.", *EXIT),
    "pooled-twice": Mistake("The pooler is applied twice.", "Follow the states to the head.", *EXIT),
    "padding-pooled": Mistake("Where rows are pooled over tokens, padding counts.", "Put in padding.", *EXIT),
    "neighbours-paired": Mistake("Neighbouring rows are taken for a pair.", "Where is the second sentence of the first pair?", *EXIT),
    "pairs-turned-round": Mistake("The second sentence of a pair comes first.", "Look at the order of the features.", *EXIT),
    "last-pair-turned-round": Mistake("At the last exit the second sentence of a pair comes first.", "Compare the last exit with the model.", *LAST),
    "exit-beside-the-last-head": Mistake("There is an exit after the last layer too, beside the model's head.", "Count the exits.", *MAKE),
    "all-heads-start-alike": Mistake("All exits of a task start with the same weights.", "What is the seed made of?", *MAKE),
    "exits-without-dropout": Mistake("Exits have no dropout.", "Look at the rate.", *MAKE, severity="train"),
    "last-exit-through-an-exit": Mistake("The last exit answers with the head of the exit below.", "Compare the last exit with the model.", *LAST),
    "exits-along-the-batch": Mistake("Exits are stacked along the batch.", "What are the dimensions of the answer?", *LAST),
    "exits-from-the-top": Mistake("The answers of exits come from the top down.", "Which comes first?", *LAST),
    **LEAVING,
}  # fmt: skip
