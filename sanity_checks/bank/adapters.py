"""What is said about the mistakes of the adapters."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
PLACE = ("In adapters, AdaptedLayer.forward.", "y = LayerNorm(h + Dropout(attention of h)); z = LayerNorm(y + TS(h) + Dropout(FFN(y))).",
         "TS reads what the whole layer reads, and enters as the residual does: before the last norm, and not dropped.")
PAL = ("In adapters, projected_attention and Pals.", "TS(h) = SA(h V_E) V_D: down, attention among the narrow states, up.", "Down, attend with the layer's own weights and mask, up; nothing else.")
LOW = ("In adapters, LowRank.forward.", "TS(h) = GELU(h V_E) V_D with a pair of matrices for every layer.", "Down, GELU, up, each of the layer's own number.")
START = ("In adapters, start_at_zero and where it is called.", "V_D = 0, V_E is not: the model starts as plain BERT, and V_D has a gradient.", "Weight and bias of the last map are zero, of the first they are not.")
SHARED = ("In task_adapters and adapters: what is made once, and what for each task.", "V_E and V_D: one pair for all layers of a task, another for the next task; BERT's layers: one set for all.",
          "A path borrows, it never copies; each task's function is drawn on its own.")
SPARE = ("In task_adapters, train_norms_alone.", "Of BERT only the LayerNorms learn.", "First freeze everything, then let the norms go.")
TOP = ("In top_attention, TopAttention.forward.", "a_j = LayerNorm(a_(j-1) + attention of a_(j-1)); z = h + a V_D.", "Each step: attend with the mask, add, normalise; in the end go up and add.")

THERE = "Find the four lines of a layer, and the one that is new."
MISTAKES: dict[str, Mistake] = {
    "inside-the-attention": Mistake("The task function is added to the output of the attention, before the first norm, instead of beside the whole layer.", THERE, *PLACE, seen=5),
    "before-the-output-map": Mistake("The task function is added before the attention's output map, which then maps it too.", THERE, *PLACE, seen=5),
    "before-the-first-norm": Mistake("The task function enters the first residual, so the first norm normalises it.", THERE, *PLACE),
    "after-the-last-norm": Mistake("The task function is added after the last norm.", THERE, *PLACE),
    "after-the-layer": Mistake("The task function comes after the layer and reads what the layer wrote.", THERE, *PLACE),
    "behind-the-attention": Mistake("The task function reads the attended states instead of the layer's own input.", "What does TS read?", *PLACE),
    "behind-the-feed-forward": Mistake("The task function reads what the feed-forward network wrote (as an adapter of Houlsby's does).", "What does TS read?", *PLACE),
    "dropped-with-the-branch": Mistake("The task function goes through the dropout of the feed-forward branch.", "What does that dropout drop?", *PLACE, severity="train"),
    "in-place-of-the-residual": Mistake("The task function takes the place of the residual.", THERE, *PLACE),
    "left-out": Mistake("The task function is not added at all.", THERE, *PLACE),
    "subtracted": Mistake("The task function is subtracted.", "Look at its sign.", *PLACE),
    "added-twice": Mistake("The task function is added twice.", "Count.", *PLACE),
    "mask-forgotten": Mistake("The attention of a PAL has no mask, so sentences depend on their padding.", "Does padding hide?", *PAL, seen=1),
    "mask-forgotten-by-the-layer": Mistake("The layer does not hand its mask to the task function.", "Does padding hide?", *PLACE, seen=1),
    "attention-over-the-batch": Mistake("In a PAL sentences attend to sentences instead of tokens to tokens.", "Which axis is attended over?", *PAL, seen=1),
    "first-position-sees-itself-only": Mistake("Where only position 0 is asked for, its PAL sees no other token.", "Who asks, and who answers?", *PAL, severity="option"),
    "gelu-before-the-last-map": Mistake("There is a GELU between the attention and the map up.", "The paper has none, its code one after the map.", *PAL),
    "attention-missing": Mistake("A PAL has no attention: down and up only.", "Three steps.", *PAL),
    "residual-inside": Mistake("The narrow states are added to what their attention gives.", "There is no residual inside.", *PAL),
    "output-map-kept": Mistake("The attention of a PAL keeps an output map; V_D follows at once, so it is only more weights.", "Count the maps.", *PAL),
    "first-attention-in-every-layer": Mistake("All layers of a PAL share the first layer's attention.", "Each layer has an attention of its own.", *PAL),
    "attentions-reversed": Mistake("The attentions of a PAL are taken from the last layer to the first.", "Look at the number.", *PAL),
    "gelu-always-after": Mistake("There is a GELU after the map up in both variants; only the published code has it.", "Look at the condition.", *PAL),
    "gelu-never-after": Mistake("The variant of the published code lacks the GELU after its map up.", "Look at the condition.", *PAL, severity="option"),
    "low-rank-without-gelu": Mistake("The low-rank function has no GELU: two matrices in a row are one.", "Three steps.", *LOW),
    "low-rank-with-relu": Mistake("The low-rank function has a ReLU instead of a GELU.", "Three steps.", *LOW),
    "low-rank-gelu-after": Mistake("The GELU of the low-rank function comes after the map up.", "Three steps, in order.", *LOW),
    "low-rank-shared-by-layers": Mistake("All layers share one pair of low-rank matrices.", "Each layer has a pair of its own.", *LOW),
    "both-projections-zero": Mistake("V_E and V_D both start at zero: neither gets a gradient but for a bias.", "Zero one of the two, never both.", *START, seen=3),
    "zero-at-the-wrong-end": Mistake("V_E starts at zero instead of V_D; with biases of 0 that is plain BERT too, and it learns.", "Nothing has to change.", *START, severity="note"),
    "not-zero-at-the-start": Mistake("V_D starts at random numbers, so the pretrained function is disturbed before the first update.", "What does a fresh adapter add?", *START),
    "one-adapter-for-all-tasks": Mistake("All tasks have the same adapter: shared over tasks, which should be shared over layers.", "Count the weights of two tasks.", *SHARED, seen=1),
    "first-task-for-all": Mistake("Every task is given the first task's adapter.", "Look at which function is taken.", *SHARED, seen=1),
    "layers-copied": Mistake("Each task gets a copy of BERT's layers: nothing is shared, and what training moves is not what is saved.", "Look for a copy.", *SHARED),
    "adapters-copied": Mistake("A path holds a copy of the adapters: what training moves is not what is saved.", "Look for a copy.", *SHARED),
    "projections-for-every-layer": Mistake("Each layer has a copy of V_E and V_D, which should be one pair for all layers of a task.", "Look for a copy.", *SHARED),
    "norms-frozen-too": Mistake("The LayerNorms of BERT are frozen too.", "Two steps.", *SPARE),
    "nothing-frozen": Mistake("Nothing is frozen: all of BERT learns beside the adapters.", "Two steps.", *SPARE),
    "maps-left-to-learn": Mistake("Linear maps of BERT learn beside its norms.", "Which parts does the question find?", *SPARE),
    "top-mask-forgotten": Mistake("The attention on top has no mask, so sentences depend on their padding.", "Does padding hide?", *TOP),
    "top-norm-missing": Mistake("The attention on top is not normalised.", "Three steps for each attention.", *TOP),
    "top-residual-missing": Mistake("The attention on top has no residual.", "Three steps for each attention.", *TOP),
    "top-one-row-too-early": Mistake("Where only position 0 is asked for, lower attentions on top drop the other tokens already.", "Who asks, and who answers?", *TOP, severity="option"),
    "top-in-place-of-the-states": Mistake("The attention on top takes the place of BERT's last states instead of being added; the paper leaves that open, but the start is then not plain BERT.",
                                          "Nothing has to change.", *TOP, severity="note"),
}  # fmt: skip
