"""What is said about the mistakes of sharing."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
OWNS = ("In sharing, SharedEncoder._new_tower and _without_towers.", "The top k of L layers once for each task, and what else `sharing` says; all the rest once.",
        "A deep copy for every task of what it owns, and of nothing else.")
WALKS = ("In sharing, SharedEncoder._path and of.", "A task walks the L - k shared layers, then its own k, from the bottom to the top: L layers in all.", "Shared layers first, then those of this task's tower.")
BESIDE = ("In sharing, the end of SharedEncoder._path.", "The head reads [ own ; companion ].", "The task's own encoder comes first, then the shared or the static one.")
STATIC = ("In sharing, Static.", "A copy of the pretrained encoder: no gradients, no dropout, and it never changes.", "Copy, freeze, eval; and train() may not undo the last.")
JOIN = ("In side_by_side, the doors of SideBySide.", "Each door of n encoders is that of every encoder, joined along the width: C becomes n C.", "Every part gets its own share, the mask, and the same switches; then all are joined in order.")

NAMES = "Count the weights, and look at their names."
MISTAKES: dict[str, Mistake] = {
    "one-layer-under-many-names": Mistake("The tasks' towers are one tower under several names, as in [layer] * 3: nothing can specialise.", "Are two tasks' weights the same tensors?", *OWNS, seen=1),
    "lowest-layers-own": Mistake("Each task owns the lowest layers instead of the top ones.", NAMES, *OWNS),
    "one-layer-too-few": Mistake("A tower has a layer less than was asked for.", NAMES, *OWNS),
    "one-layer-too-many": Mistake("A tower has a layer more than was asked for.", NAMES, *OWNS),
    "towers-on-top-of-all-layers": Mistake("Towers stand on top of all L layers: a task walks L + k of them.", "Count the layers of a path.", *WALKS),
    "tower-skipped": Mistake("A task walks the shared layers only.", "Count the layers of a path.", *WALKS),
    "trunk-skipped": Mistake("A task walks its own layers only.", "Count the layers of a path.", *WALKS),
    "tower-upside-down": Mistake("A tower is walked from its top to its bottom.", "Look at the order of a path.", *WALKS),
    "tower-before-trunk": Mistake("A task walks its own layers before the shared ones.", "Look at the order of a path.", *WALKS),
    "first-tower-for-all": Mistake("Every task walks the first task's tower.", "Look at which tower is taken.", *WALKS, seen=1),
    "pooler-always-shared": Mistake("The pooler is shared even where each task is to have its own.", NAMES, *OWNS),
    "pooler-never-shared": Mistake("Each task has a pooler of its own, whatever is asked for.", NAMES, *OWNS),
    "own-pooler-not-used": Mistake("The task's own pooler is there, but the shared one is used.", "What does a path pool with?", *WALKS),
    "embeddings-always-shared": Mistake("Embeddings are shared even where each task is to have its own.", NAMES, *OWNS),
    "embeddings-always-own": Mistake("Each task has embeddings of its own, whatever is asked for.", NAMES, *OWNS),
    "whole-encoder-kept-beside-towers": Mistake("Layers that every task has for itself are kept a second time, and nobody walks them.", NAMES, *OWNS),
    "path-copied": Mistake("A task reads with a copy of its encoder: what training moves is not what is saved.", "Look for a copy.", *WALKS),
    "companion-forgotten": Mistake("The companion is left out: the head reads the task's own encoder alone.", "How wide is the pooled vector?", *BESIDE),
    "companion-first": Mistake("The companion stands before the task's own encoder.", "Look at the order.", *BESIDE),
    "own-encoder-twice": Mistake("The task's own encoder stands in the companion's place too.", "Whose states are in the second half?", *BESIDE),
    "static-in-train-mode": Mistake("The static copy drops out in train mode, so its features are noisy.", "Who may call train()?", *STATIC, severity="train"),
    "static-learns": Mistake("The static copy has gradients, and so it learns.", "What freezes it?", *STATIC),
    "static-is-no-copy": Mistake("The static copy is the encoder itself, and follows it.", "Look for the copy.", *STATIC),
    "static-freezes-the-other": Mistake("The encoder itself is frozen instead of a copy of it.", "Look for the copy.", *STATIC),
    "joined-along-tokens": Mistake("Encoders are joined along the tokens instead of the width.", "Look at the dimension.", *JOIN),
    "averaged-for-joined": Mistake("The states of the encoders are averaged instead of joined.", "How wide are they?", *JOIN),
    "companion-joined-first": Mistake("All states are joined in the reverse order.", "Look at the order.", *JOIN),
    "interleaved": Mistake("Numbers of the encoders alternate instead of standing in blocks.", "Look at how they are joined.", *JOIN),
    "first-embeddings-for-both": Mistake("Every encoder gets the first one's embeddings.", "Who gets which share?", *JOIN),
    "embedded-by-the-first": Mistake("All embeddings come from the first encoder's tables.", "Who embeds?", *JOIN),
    "mask-for-the-first-only": Mistake("Only the first encoder gets the mask.", "Who gets the mask?", *JOIN),
    "mask-forgotten-in-the-walk": Mistake("Layer by layer, the encoders get no mask.", "Who gets the mask?", *JOIN),
    "pooled-by-the-first-twice": Mistake("The first encoder's pooled vector stands in both places.", "Whose vector is in the second half?", *JOIN),
    "pooled-from-joined-states": Mistake("The second pooler reads the first encoder's states.", "Whose states does it read?", *JOIN),
    "states-of-the-first-only": Mistake("The first encoder's last states stand in both places.", "Whose states are in the second half?", *JOIN),
    "walk-of-the-first-only": Mistake("Layer by layer, the first encoder's states stand in both places.", "Whose states are in the second half?", *JOIN),
    "width-of-one": Mistake("The width is that of one encoder.", "Add them up.", *JOIN),
}  # fmt: skip
