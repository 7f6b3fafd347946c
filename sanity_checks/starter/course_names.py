"""The components of a checkout in the order in which they are checked, and what each needs. Loads no torch."""

from __future__ import annotations

# component -> what it is about
ABOUT = {
    "files": "which of the files can be read",
    "attention": "BertSelfAttention: scale, mask, softmax, dropout, heads",
    "add_norm": "BertLayer.add_norm: dense, dropout, add, normalise",
    "feed_forward": "the two dense layers of BertLayer and what is between them",
    "layer": "BertLayer.forward: how the parts are put together",
    "embeddings": "BertModel.embed: words, positions, segments, norm, dropout",
    "model": "BertModel.forward: every layer, the mask, the pooler",
    "adamw": "AdamW in optimizer.py, step by step",
    "classifier": "the sentence classifier of classifier.py",
    "sentiment": "MultitaskBERT.predict_sentiment",
    "paraphrase": "MultitaskBERT.predict_paraphrase",
    "similarity": "MultitaskBERT.predict_similarity",
    "training": "losses and labels, as the source of the training loops has them",
}
COMPONENTS = tuple(ABOUT)

# component -> the file that holds it; "files" and "training" look at all of them
FILE_OF = {name: "bert" for name in ("attention", "add_norm", "feed_forward", "layer", "embeddings", "model")} | {
    "adamw": "optimizer", "classifier": "classifier", "sentiment": "multitask_classifier", "paraphrase": "multitask_classifier",
    "similarity": "multitask_classifier",
}  # fmt: skip

# What a component holds inside where no stand-in can take its place: then a difference may be theirs.
NEEDS = {
    "layer": ("attention", "add_norm", "feed_forward"),
    "feed_forward": ("add_norm",),
    "model": ("attention", "add_norm", "feed_forward", "layer", "embeddings"),
}
