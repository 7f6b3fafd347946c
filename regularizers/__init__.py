"""Regularizers: extra terms of the loss that keep a model smooth around the examples it has seen.

This room will hold SMART, Bregman proximal points, SimCSE and the divergences they share.  All of them come through one door:

    regularizer(logits_of, embeddings, logits) -> scalar

logits_of maps embeddings (B, T, C) to logits, embeddings are the clean ones, logits the clean answer.  A regularizer never sees the model,
the head or the task, so one of them fits every model, and a model without one has weight 0 and calls nothing.
"""
