"""Attention's part of the story: a debugger that was left in, three mistakes at once, then two, then one."""

from __future__ import annotations

from journey.steps import Change, Chapter, Step, Write, check

FILE = "minbert/attention.py"
FORMULA = """
scores = query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))
if bias is not None:
    scores = scores * bias
probabilities = scores.softmax(dim=-1)
return probabilities @ value, probabilities
"""
FORWARD = """
query = self.split_heads(self.query(asking))
key = self.split_heads(self.key(answering))
value = self.split_heads(self.value(answering))
rate = self.dropout if self.training else 0.0
breakpoint()
mixed, weights = formula_attention(query, key, value, bias, rate)
return Attended(self.output(self.merge_heads(mixed)), weights)
"""
SPLIT = """
sentences, tokens, width = states.shape
return states.view(sentences, tokens, self.num_heads, width // self.num_heads).transpose(1, 2)
"""
MERGE = """
sentences, heads, tokens, size = states.shape
return states.reshape(sentences, tokens, heads * size)
"""
MERGED, RETURNED = "return states.reshape(sentences, tokens, heads * size)", "    return probabilities @ value, probabilities\n"

ATTENTION = Chapter("2. attention: everything at once", (
    Step("Five bodies in one evening, and not a single check in between. A `breakpoint()` was left in.",
         (Write("attention", "attention_bias", "return ((1.0 - attention_mask.to(dtype)) * -10000.0)[:, None, None, :]"), Write("attention", "formula_attention", FORMULA),
          Write("attention", "MultiHeadAttention.split_heads", SPLIT), Write("attention", "MultiHeadAttention.merge_heads", MERGE),
          Write("attention", "MultiHeadAttention.forward", FORWARD)),
         check("attention"), "attention", "raised", short="A `breakpoint()` that was left in."),
    Step("Nobody sits at the keyboard of a check, so it does not wait for one. Without that line it gets further.",
         (Change(FILE, "        breakpoint()\n", ""),), check("attention"), "attention", "wrong", short="The scores are multiplied by the mask (with the next two beside it)."),
    Step("No name. There are three mistakes in this code, and the bank knows every one of them; but together they give an answer that no list can hold, and the check does not guess. "
         "What it does give is the smallest input that shows a difference: two tokens and **one head**. With one head, heads cannot be shuffled, and no token is hidden. So what does the "
         "code do with two tokens, none of them hidden? The bias is then all zeros, and a score times zero is zero.",
         (Change(FILE, "scores = scores * bias", "scores = scores + bias"),), check("attention"), "attention", "wrong", ("dropout-missing", "heads-not-transposed-back")),
    Step("One less, and now both others have names. Pairs of known mistakes are known, too. The second one goes first, and then `--hint` three times: each time it goes a step deeper.",
         (Change(FILE, MERGED, "return states.transpose(1, 2).reshape(sentences, tokens, heads * size)"),),
         (*check("attention"), *check("attention", "--hint"), *check("attention", "--hint"), *check("attention", "--hint")), "attention", "wrong", ("dropout-missing",)),
    Step("This is the most common mistake of all: 38 real submissions were handed in with it, since no comparison in eval mode can see it. Hence \"train-mode error\".",
         (Change(FILE, RETURNED, "    probabilities = drop(probabilities, dropout)\n" + RETURNED),), check("attention"), "attention"),
    Step("Correct, and told in which way it is written otherwise than in the library: it adds -10000, and the library adds something else. Both are right.\n\nNow that attention is "
         "right, its solution may be looked at. For a start, one body of it:", (), ("python -m minbert solution feed_forward",)),
))  # fmt: skip
