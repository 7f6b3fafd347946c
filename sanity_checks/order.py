"""The components in the order of learning, what each is about, and which others it is composed of. Loads no torch."""

from __future__ import annotations

from pathlib import Path

from minbert.errors import UserError, nearest
from sanity_checks.bodies import DIAGNOSED, READY

FOLDER = Path(__file__).parent
EVERYTHING = "everything"  # said instead of a component, means all of them
ENCODER = ("feed_forward", "attention", "add_norm", "layer", "embeddings", "model")

ABOUT = {
    "feed_forward": "two linear maps around an exact GELU",
    "attention": "softmax(Q K^T / sqrt(D) + mask) V, its heads, mask and dropout",
    "add_norm": "dropout, then add, then normalise",
    "layer": "add and normalise, twice",
    "embeddings": "words, positions and segments, normalised",
    "model": "all layers and the pooler; padding, batches and order",
    "adamw": "both forms of AdamW, step by step",
    "schedules": "warm-up and decay of the learning rate",
    "pooling": "one vector a sentence, whatever the padding",
    "pairs": "two vectors made into the features of a pair",
    "heads": "dropout and one linear map",
    "losses": "cross-entropy, binary cross-entropy and squared error",
    "metrics": "accuracy, Pearson's r, decisions and overall scores",
    "samplers": "which task trains when",
    "divergences": "how far apart two answers are",
    "smart": "the same answer everywhere in a small ball",
    "bregman": "a teacher that follows slowly, and the distance to it",
    "pcgrad": "tasks that do not undo each other, and GSE",
    "cosine_heads": "heads that compare two sentences by their angle",
    "pair_order": "segments, either order, and scores that know none",
    "gradvac": "tasks that agree as much as they used to",
    "surgery_updates": "GSE's two readings, and the controls of stepping twice",
    "smart_mt_dnn": "what mt-dnn computes under the name of SMART",
    "teacher": "the slow copy that Bregman pulls towards, and R-Drop",
    "sampling_plans": "whose batch comes next, from even to proportional",
    "adapters": "what a task adds beside shared layers: PALs and their kin",
    "sharing": "what each task has for itself, and what stands beside it",
    "relation": "one hidden layer for all tasks of pairs",
    "simcse": "two views of a sentence, near each other and far from others",
    "masking": "which words are hidden, and what is asked",
    "mlm": "which word stood here?",
    "unfreezing": "heads first, then a layer more each epoch",
    "exit_rules": "who is sure enough to leave",
    "cosine_threshold": "from which cosine on the answer is yes",
    "joined_pairs": "two texts embedded apart and read together, or looking at each other once",
    "focus_plan": "whose turn it is, for how long, and what all of it costs",
    "stage_plan": "when a stage is over, and which weights it leaves behind",
    "layer_focus": "one layer learns, and nothing else moves",
    "exits": "a head after every layer, and a batch that shrinks",
    "exit_training": "whose loss counts in which step, and a layer that knows who is right",
    "calibration": "as sure as right, and a threshold for a stated loss",
    "extra_data": "other files' labels, mapped, and nothing of dev or test",
    "ensemble": "which finished models answer better together",
    "dropout": "off in eval mode, the right share in train mode",
    "tokenizer": "WordPiece ids, special tokens, pairs, truncation",
    "weights": "released names both ways, save and load",
    "pretrained": "published BERT-base outputs, where its weights are on this machine",
    "groups": "every parameter in one group, with its own rate and decay",
    "batching": "every example once an epoch, little padding, resumable",
    "checkpoint": "what is saved comes back, what is damaged is refused",
}
# What the comparison of a whole (oracles/) is composed of: it says nothing about a part that is not right yet. Diagnoses need none of this:
# there, torch's own modules stand in for the parts.
COMPOSED_OF = {
    "layer": ("feed_forward", "attention", "add_norm"),
    "model": ENCODER[:-1],
    "weights": ENCODER,
    "pretrained": ENCODER,
}


def has_probe(component: str) -> bool:
    """Whether `component` can be diagnosed: there is a probe, and the answers that it is held against."""
    return (FOLDER / "probes" / f"{component}.py").exists() and (FOLDER / "answers" / f"{component}.json").exists()


def has_oracle(component: str) -> bool:
    """Whether `component` can be compared with torch, transformers or its own equation; student editions leave out those of their exercises."""
    return (FOLDER / "oracles" / f"{component}.py").exists()


def components() -> tuple[str, ...]:
    """Every component that can be checked here: the exercises in the order of learning, then the rest."""
    return tuple(name for name in dict.fromkeys([*DIAGNOSED, *ABOUT]) if has_probe(name) or has_oracle(name))


def about(component: str) -> str:
    """A few words about a component."""
    return ABOUT.get(component) or ", ".join(body.name for body in DIAGNOSED[component])


def usual() -> tuple[str, ...]:
    """What is checked when nothing is named, in a few seconds: the exercises and what they stand on. Whoever changes the rest asks for it."""
    return tuple(name for name in components() if name not in READY or has_oracle(name))


def chosen(names: list[str]) -> list[str]:
    """The components that `names` mean, in the order of learning (none: the usual ones). `UserError` naming the nearest for a name that is not there."""
    there, wanted = components(), {name.replace("-", "_") for name in names} or set(usual())
    wanted = set(there) if EVERYTHING in wanted else wanted
    for name in sorted(wanted - set(there)):
        near = nearest(name, there)
        raise UserError(f"there is no check called {name!a}, expected {'one of ' + ', '.join(there) if not near else 'for example ' + repr(near)}.")
    return [name for name in there if name in wanted]


def with_parts(wanted: list[str]) -> list[str]:
    """`wanted` and what it is composed of, in the order of learning: whether the parts are right decides whether the whole can be compared."""
    needed = {part for name in wanted if has_oracle(name) for part in COMPOSED_OF.get(name, ())}
    return [name for name in components() if name in wanted or name in needed]
