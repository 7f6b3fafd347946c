"""Probes: small deterministic experiments on one component. `probe(subject, look)` looks; answers/ knows what should be seen.

Everything is float64, sizes are small and pairwise different, weights large, norms and biases random: at fresh initialisation swapped
LayerNorms or a tanh-GELU would hide.
"""
