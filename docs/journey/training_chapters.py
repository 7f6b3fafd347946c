"""The second half of the story: heads, losses, samplers, and the training run. The optimizer has a file of its own."""

from __future__ import annotations

from journey.adamw_chapter import ADAMW
from journey.steps import Change, Chapter, Step, Write, check

MEAN = "real = (mask != 0).unsqueeze(-1)\n    return hidden.masked_fill(~real, 0.0).sum(dim=1) / real.sum(dim=1).clamp(min=1)"
POOLING = Chapter("8. schedules and pooling: padding", (
    Step("`schedules` goes well. `masked_mean` gets a mask, and does not look at it.",
         (Write("schedules", "linear"), Write("pooling", "masked_mean", "return hidden.mean(dim=1)"), Write("pooling", "masked_max")), check("schedules pooling"),
         "pooling", "wrong", ("mean-over-padding",)),
    Step("With sentences of one length there would have been no difference: the first look that differs is \"a token and a pad\".",
         (Change("tasks/pooling.py", "return hidden.mean(dim=1)", MEAN),), check("pooling"), "pooling"),
))  # fmt: skip

SCORES = "scores = self.linear(self.dropout(features))\n        return scores[:, 0] if scores.size(1) == 1 else scores\n"
HEADS = Chapter("9. pairs and heads: squeeze", (
    Step("`squeeze()` makes (B, 1) into (B,). It does so with every dimension of size 1.",
         (Write("pairs", "combine"), Write("heads", "LinearHead.forward", "return self.linear(self.dropout(features)).squeeze()")), check("pairs heads"), "heads", "wrong",
         ("squeeze-without-dimension",)),
    Step("Then without it.", (Change("tasks/heads.py", ".squeeze()\n", "\n"),), check("heads"), "heads", "wrong", ("not-squeezed",)),
    Step("", (Change("tasks/heads.py", "return self.linear(self.dropout(features))\n", SCORES),), check("heads"), "heads"),
))  # fmt: skip

LOSSES = Chapter("10. losses: two at once", (
    Step("Probabilities for the cross-entropy, whole numbers for the labels: both sound like a good idea.",
         (Write("losses", "cross_entropy", "return F.cross_entropy(logits.softmax(dim=-1), labels.long())"), Write("losses", "binary_cross_entropy"),
          Write("losses", "squared_error", "return F.mse_loss(logits, labels.long().to(logits.dtype))")),
         check("losses"), "losses", "wrong", ("cross-entropy-softmax-before", "squared-labels-cut")),
    Step("", (Change("tasks/losses.py", "logits.softmax(dim=-1)", "logits"),), check("losses"), "losses", "wrong", ("squared-labels-cut",)),
    Step("26 of the 47 real submissions that train on similarity cut their labels like this. The model still trains, on labels that are half a point too low.",
         (Change("tasks/losses.py", "labels.long().to(logits.dtype)", "labels.to(logits.dtype)"),), check("losses"), "losses"),
))  # fmt: skip

SHUFFLED = """
pool = [(name,) for name, size in sizes.items() for _ in range(ceil(size / batch_size))]
steps = []
while len(steps) < (iterations or len(pool)):
    steps = [pool[place] for place in torch.randperm(len(pool), generator=generator).tolist()]
return steps[:iterations or None]
"""
SAMPLERS = Chapter("11. samplers: a loop that never ends", (
    Step("", (Write("samplers", "lock_step"), Change("tasks/samplers.py", "from typing import Any\n", "from math import ceil\nfrom typing import Any\n"),
              Write("samplers", "shuffled", SHUFFLED)), check("samplers"), "samplers", "raised", short="An endless loop."),
    Step("The code runs in a process of its own, and that process was ended after ten seconds. With more iterations than the pool has batches, `steps` never grows: `=` where `+=` was "
         "meant.", (Change("tasks/samplers.py", "        steps = [pool", "        steps += [pool"),), check("samplers"), "samplers"),
))  # fmt: skip

METRICS = Chapter("12. metrics, and the gate", (
    Step("Almost there. Does it train?", (), ("python -m minbert train",)),
    Step("It refuses, and says what is missing: training puts components together, and a score from a metric that does not exist yet helps nobody. (The techniques, `divergences` and "
         "what follows, are not asked for: only recipes that use them need them.)",
         (Write("metrics", "accuracy"), Write("metrics", "pearson")), check("metrics"), "metrics"),
))  # fmt: skip

TRAINING = (ADAMW, POOLING, HEADS, LOSSES, SAMPLERS, METRICS)
