"""Checks of every component against stored references and independent oracles: `python -m minbert.sanity`.

One module a component, named like the file it checks. A module holds probes, small functions that return the largest difference they
measured (or None), and lists them in PROBES. A probe that finds something wrong raises `judge.CheckFailed` with one sentence.
"""
