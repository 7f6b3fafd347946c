"""Regularizers: extra terms of the loss that keep a model smooth around the examples it has seen. All of them come through one door:

    regularizer(logits_of, embeddings, logits) -> scalar

logits_of(embeddings) maps embeddings (B, T, C) to logits; logits_of(embeddings, masks="same") repeats the dropout masks of the clean pass, and
masks="off" leaves dropout out; embeddings are the clean ones, logits the clean answer.  A regularizer never sees the model, the head or the
task, so one of them fits every model, and a model without one has weight 0 and calls nothing.
"""

from .bregman import bregman_term, follow, momentum
from .divergences import DIVERGENCES, divergence
from .r_drop import RDrop
from .smart import Smart, SmartSettings
from .smart_mt_dnn import MtDnnSettings, SmartMtDnn

__all__ = ["DIVERGENCES", "MtDnnSettings", "RDrop", "Smart", "SmartMtDnn", "SmartSettings", "bregman_term", "divergence", "follow", "momentum"]
