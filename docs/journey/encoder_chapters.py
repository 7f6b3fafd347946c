"""The first half of the story: feed-forward network, add-norm, layer, embeddings, the whole encoder. Attention has a file of its own."""

from __future__ import annotations

from journey.attention_chapter import ATTENTION
from journey.steps import Change, Chapter, Step, Write, check

FILE, LAYER_FILE = "minbert/feed_forward.py", "minbert/layer.py"

FEED_FORWARD = Chapter("1. feed_forward: a bracket", (
    Step("Two bodies, one line each. On the second one a bracket stays open.",
         (Write("feed_forward", "gelu", "return 0.5 * x * (1.0 + torch.erf(x / math.sqrt(2.0)))"),
          Write("feed_forward", "FeedForward.forward", "return self.contract(self.expand(x)")),
         check("feed_forward"), "feed_forward", "raised", short="A syntax error."),
    Step("A file that Python cannot read is reported with its line, and the checks of all other files go on. The bracket is closed. But the GELU, written with such care, is never "
         "called.",
         (Change(FILE, "self.contract(self.expand(x)\n", "self.contract(self.expand(x))\n"),), check("feed_forward"), "feed_forward", "wrong", ("activation-missing",)),
    Step("Three things help here: the sentence, the line `Look at`, and the first difference, which was found with a single token.",
         (Change(FILE, "self.contract(self.expand(x))", "self.contract(gelu(self.expand(x)))"),), check("feed_forward"), "feed_forward"),
))  # fmt: skip

WRONG_ORDER, IN_PLACE, RIGHT = "return dropout(norm(residual + branch))", "residual += dropout(branch)\n    return norm(residual)", "return norm(residual + dropout(branch))"
ADD_NORM = Chapter("3. add_norm: three tries at one line", (
    Step("\"Dropout, add, norm\": all three are there.", (Write("add_norm", "add_norm", WRONG_ORDER),), check("add_norm"), "add_norm", "wrong", ("dropout-after-norm",)),
    Step("A comparison of outputs in eval mode, where dropout does nothing, would have called this right. The dropout moves to the branch; and `+=` saves a tensor, it seems.",
         (Change(LAYER_FILE, WRONG_ORDER, IN_PLACE),), check("add_norm"), "add_norm", "wrong", ("residual-overwritten",)),
    Step("The numbers were right. But the tensor that came in was not ours to change, and in a real training run this would have stopped far away from here.",
         (Change(LAYER_FILE, IN_PLACE, RIGHT),), check("add_norm"), "add_norm"),
))  # fmt: skip

LAYER_FORWARD = """
asking = hidden[:, :1] if first_only else hidden
attended = self.attention(asking, hidden, bias, need_weights)
middle = add_norm(asking, attended.output, self.attention_dropout, self.attention_norm)
output = add_norm(middle, self.feed_forward(middle), self.attention_dropout, self.feed_forward_norm)
return Attended(output, attended.weights)
"""
SECOND = "add_norm(middle, self.feed_forward(middle), self.{}, self.feed_forward_norm)"
LAYER = Chapter("4. layer: copy and paste", (
    Step("The second `add_norm` line is a copy of the first, changed in two places. It should have been three.", (Write("layer", "EncoderLayer.forward", LAYER_FORWARD),),
         check("layer"), "layer", "wrong", ("dropout-shared",)),
    Step("", (Change(LAYER_FILE, SECOND.format("attention_dropout"), SECOND.format("feed_forward_dropout")),), check("layer"), "layer"),
))  # fmt: skip

NORMALISED = """
if position_ids is None:
    position_ids = torch.arange(input_ids.size(1), device=input_ids.device)
if token_type_ids is None:
    token_type_ids = torch.zeros_like(input_ids)
return self.norm(self.word(input_ids) + self.position[position_ids] + self.token_type(token_type_ids))
"""
EMBEDDINGS = Chapter("5. embeddings: square brackets", (
    Step("A table is looked up in square brackets, as everywhere in Python.", (Write("embeddings", "Embeddings.normalised", NORMALISED), Write("embeddings", "Embeddings.forward")),
         check("embeddings"), "embeddings", "raised", short="An `nn.Embedding` in square brackets."),
    Step("What the code raised is told with its line, and a common exception is put in plain words.",
         (Change("minbert/embeddings.py", "self.position[position_ids]", "self.position(position_ids)"),), check("embeddings"), "embeddings"),
))  # fmt: skip

WALK = """
bias = None if attention_mask is None else attention_mask[:, None, None, :].to(hidden.dtype)
for number, layer in enumerate(self.layers, start=1):
    step = layer(hidden, bias, first_only=first_only and number == len(self.layers), need_weights=need_weights)
    hidden = step.output
    yield step
"""
MODEL = Chapter("6. model: ones and zeros", (
    Step("The mask is brought into shape and handed to every layer.", (Write("model", "Pooler.forward"), Write("model", "Bert.walk", WALK)), check("model"), "model", "wrong", ("mask-raw",)),
    Step("`attention_bias` was the first body of attention. Here is what it is for.",
         (Change("minbert/bert.py", "attention_mask[:, None, None, :].to(hidden.dtype)", "attention_bias(attention_mask, hidden.dtype)"),), check("model"), "model"),
))  # fmt: skip

ENCODER = (FEED_FORWARD, ATTENTION, ADD_NORM, LAYER, EMBEDDINGS, MODEL)
