"""Oracles: every component against torch's own modules, stored outputs of transformers, and its own equation. They prove the stored answers right.

A module holds small functions that return the largest difference they measured (or None) and lists them in PROBES. One that finds something
wrong raises `judge.CheckFailed` with one sentence.
"""
