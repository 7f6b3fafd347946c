"""What is said about the mistakes of groups, rates and schedules."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
GROUP = ("In groups, parameter_groups.", "Every trainable tensor is in exactly one group, with the rate lr * factor and the decay of its kind.", "Once a tensor, by identity; frozen ones never.")
SPARED = ("In groups, names_match and the line of parameter_groups that asks it.", "Biases and LayerNorms do not decay, everything else does.",
          "A part of the dotted name is the word, or ends in an underscore and the word.")
LAYER = ("In rates, decay.", "Layer i of L, from 0, learns at xi to the power of L - 1 - i: the top at 1, the one below at xi.", "Count the layers above it.")
OTHER = ("In rates, ulmfit and thirds.", "ulmfit: each layer 1/2.6 of the one above. thirds: 1/2.6, 1 and 2.6 from the bottom to the top.", "Both depend on the layer's place alone.")
PART = ("In rates, Rates.of.", "Heads and what they share, adapters, layers (shared or in towers), embeddings: each has a factor of its own.", "Ask part by part, in this order.")
TABLES = ("In rates, Rates._of_embeddings.", "Embeddings learn at xi to the power of L where they are to decay, times their own factor where they are meant.", "They are layer -1; word and position are the tables.")
SLANT = ("In schedules, slanted_triangular.", "(1 + 31 p) / 32; p climbs from 0 to 1 over cut updates, then falls to 0 at the end; cut is rounded down.", "Three lines: cut, p, and the lift.")
RATIO = ("In schedules, Schedule._apply and step.", "Each group's rate is its own first rate times the factor of this update.", "Every group keeps its own rate apart; the ratios never change.")

FOUR = "Put the top layer in, and the lowest."
MISTAKES: dict[str, Mistake] = {
    "one-rate-for-all": Mistake("All groups learn at the same rate.", "Look at what the rate is multiplied by.", *GROUP),
    "factor-divides": Mistake("Rates are divided by the factor of their part.", "Look at what the rate is multiplied by.", *GROUP),
    "factor-for-the-rate": Mistake("The factor is taken for the rate itself.", "Look at what the rate is multiplied by.", *GROUP),
    "decay-follows-the-rate": Mistake("Weight decay is multiplied by the factor of the rate too.", "The update multiplies decay by the rate already.", *GROUP),
    "everything-decays": Mistake("Biases and norms decay too.", "Look at the condition.", *SPARED),
    "nothing-decays": Mistake("Nothing decays.", "Look at the condition.", *SPARED),
    "spared-ones-decay": Mistake("Biases and norms decay, and nothing else does.", "Look at the condition.", *SPARED),
    "biases-decay": Mistake("Biases decay.", "Look at the words.", *SPARED),
    "heads-spared": Mistake("Heads do not decay.", "Look at the condition.", *SPARED),
    "word-anywhere-in-the-name": Mistake("A word of no_decay is found anywhere in a name: a head called biased is taken for a bias.", "Names have parts.", *SPARED),
    "word-must-be-a-whole-part": Mistake("A word of no_decay must be a whole part of a name, so attention_norm decays.", "Norms have longer names.", *SPARED),
    "word-at-the-end-only": Mistake("A word of no_decay is looked for at the end of a name, where norms have weight and bias.", "Any part may be the word.", *SPARED),
    "frozen-tensors-grouped": Mistake("Frozen tensors are in a group, where decay may still shrink them.", "Look at what is skipped.", *GROUP),
    "shared-tensors-twice": Mistake("A tensor with two names is in two groups, and is updated twice.", "Look at what is skipped.", *GROUP),
    "last-name-counts": Mistake("Of a tensor's names the last one counts.", "Look at the order.", *GROUP),
    "depth-not-asked": Mistake("The number of layers that is given is not used.", "Where does L come from?", *GROUP, severity="option"),
    "top-layer-decayed-once": Mistake("The top layer's rate is decayed once already: an exponent too large by one.", FOUR, *LAYER),
    "lowest-layer-fastest": Mistake("Rates fall from the bottom to the top, and the lowest is decayed already.", FOUR, *LAYER),
    "layers-counted-from-below": Mistake("Rates fall from the bottom to the top.", FOUR, *LAYER),
    "decayed-once-for-all": Mistake("All layers below the top one have the same rate.", FOUR, *LAYER),
    "decay-in-a-line": Mistake("Rates fall in a line instead of by the same factor each.", FOUR, *LAYER),
    "ulmfit-grows-downwards": Mistake("With ulmfit lower layers learn faster.", FOUR, *OTHER, severity="option"),
    "ulmfit-takes-xi": Mistake("With ulmfit the ratio is that of layer_decay instead of 2.6.", "Which of the two counts?", *OTHER, severity="option"),
    "thirds-upside-down": Mistake("With thirds the lower third learns fastest.", FOUR, *OTHER, severity="option"),
    "thirds-without-middle": Mistake("With thirds the lower third learns at the common rate, the others above it.", FOUR, *OTHER, severity="option"),
    "heads-forgotten": Mistake("The factor of the heads changes nothing.", "Look at the table of parts.", *PART),
    "adapters-forgotten": Mistake("The factor of the adapters changes nothing.", "Look at the table of parts.", *PART),
    "adapters-as-heads": Mistake("Adapters learn at the rate of the heads.", "Look at the table of parts.", *PART),
    "relation-forgotten": Mistake("The relational layer, which heads share, does not learn at their rate.", "Look at what counts as a head.", *PART),
    "towers-forgotten": Mistake("Layers in towers learn at the common rate.", "What do their names start with?", *PART),
    "towers-one-deeper": Mistake("A layer in a tower counts as one above its place: the stack is taken for L + 1 layers.", "A tower makes nothing deeper.", *PART),
    "embeddings-as-the-lowest-layer": Mistake("Embeddings decay as the lowest layer does, not as the one below it.", "They are layer -1.", *TABLES, severity="option"),
    "embeddings-always-decayed": Mistake("Embeddings decay with the layers even where that is not asked for.", "Look at the condition.", *TABLES),
    "embeddings-never-decayed": Mistake("Embeddings never decay with the layers.", "Look at the condition.", *TABLES, severity="option"),
    "embedding-factor-forgotten": Mistake("The factor of the embeddings changes nothing.", "Look at the product.", *TABLES, severity="option"),
    "segments-and-norm-multiplied-too": Mistake("The factor of the tables is applied to segments and norm as well.", "Which names are meant?", *TABLES, severity="option"),
    "triangle-without-slant": Mistake("The slanted triangle climbs for half of the time.", "Where does cut come from?", *SLANT, severity="option"),
    "triangle-falls-to-zero": Mistake("The slanted triangle falls to 0; it never goes below 1/32.", "Look at the lift.", *SLANT, severity="option"),
    "triangle-starts-at-zero": Mistake("The slanted triangle is cut off at 1/32 instead of lifted.", "Look at the lift.", *SLANT, severity="option"),
    "triangle-lifted-above-one": Mistake("The slanted triangle rises above 1.", "Look at the lift.", *SLANT, severity="option"),
    "triangle-climb-rounded": Mistake("The number of updates to climb is rounded to the nearest instead of down.", "Where does cut come from?", *SLANT, severity="option"),
    "triangle-falls-as-in-the-paper": Mistake("The fall is written as in the paper, which divides by 0 for short runs and ends early where cut is not whole.", "Look at the denominator.", *SLANT, severity="option"),
    "triangle-past-the-end": Mistake("Past the end the slanted triangle falls below 1/32.", "Where does it stay?", *SLANT, severity="option"),
    "triangle-one-update-early": Mistake("The slanted triangle is one update ahead.", "Put the first update in.", *SLANT, severity="option"),
    "schedule-compounds": Mistake("The factor multiplies what the last update left, so rates shrink and shrink.", "What is multiplied?", *RATIO),
    "schedule-writes-one-rate": Mistake("Every group gets the first group's rate: head factors and layer decay are lost.", "Whose rate is multiplied?", *RATIO),
    "schedule-writes-the-factor": Mistake("Every group's rate is the factor itself.", "What is multiplied?", *RATIO),
    "schedule-for-the-first-group": Mistake("Only the first group follows the schedule.", "Look at the loop.", *RATIO),
    "schedule-a-step-late": Mistake("Rates are set before the update is counted, so they come one update late.", "Look at the order.", *RATIO),
}  # fmt: skip
