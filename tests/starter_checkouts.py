"""Made-up course checkouts: right ones, wrong in one way, wrong in two, broken; each is a folder of starter_fixtures/ with small edits.

All are written for these tests. Only the names and signatures are those that courses hand out.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "sanity_checks" / "starter_fixtures"
Told = tuple[str, tuple[str, ...]]  # outcome, names of mistakes


@dataclass(frozen=True)
class Checkout:
    """layers: folders of starter_fixtures/, later ones over earlier ones; edits: (file, old, new), new None removes the file;
    expected: component -> outcome and mistakes, for those that are neither correct nor absent."""

    layers: tuple[str, ...] = ("base", "helpers")
    edits: tuple[tuple[str, str, str | None], ...] = ()
    expected: Mapping[str, Told] = field(default_factory=dict)
    absent: tuple[str, ...] = ()  # components that are not checked, for want of their file or their method


def written(checkout: Checkout, folder: Path) -> Path:
    """The checkout as files in `folder`; ValueError for an edit that fits nowhere."""
    for layer in checkout.layers:
        shutil.copytree(FOLDER / layer, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in checkout.edits:
        path = folder / file
        if new is None:
            path.unlink()
            continue
        source = path.read_text(encoding="utf-8")
        if old not in source:
            raise ValueError(f"{old!r} does not stand in {file}")
        path.write_text(source.replace(old, new), encoding="utf-8")
    return folder


BERT, ADAMW, ONE, MANY = "bert.py", "optimizer.py", "classifier.py", "multitask_classifier.py"
DROP, MASK, SCALE = "    probs = self.dropout(probs)\n", "scores + attention_mask", "scores / math.sqrt(self.attention_head_size)"
MERGE = "    context = context.transpose(1, 2).contiguous()\n    return context.view(context.size(0), context.size(1), self.all_head_size)\n"
FORMULA = "    scores = torch.matmul"
FUSED = """    rate = self.dropout.p if self.training else 0.0
    mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=attention_mask, dropout_p=rate)
    return mixed.transpose(1, 2).flatten(2)
    scores = torch.matmul"""
HEADS = ("sentiment", "paraphrase", "similarity")
WAY_2023 = ((ONE, "config.fine_tune_mode", "config.option"), (ONE, "last-linear-layer", "pretrain"), (ONE, "full-model", "finetune"),
            (MANY, "config.fine_tune_mode", "config.option"), (MANY, "last-linear-layer", "pretrain"), (MANY, "full-model", "finetune"))  # fmt: skip

RIGHT = {
    "2024": Checkout(),
    "2023": Checkout(edits=WAY_2023),
    "cmu": Checkout(("base", "helpers", "cmu"), ((MANY, "", None),), absent=HEADS),
    "two files": Checkout(("base",), ((ONE, "", None), (MANY, "", None)), absent=("classifier", *HEADS, "training")),
    "merged": Checkout(("base", "helpers", "merged"), absent=("add_norm", "embeddings")),
    "fused attention": Checkout(edits=((BERT, FORMULA, FUSED),)),
    "cosine without weights": Checkout(edits=((MANY, "return self.similarity_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2))",
        "return 2.5 * F.cosine_similarity(self.forward(input_ids_1, attention_mask_1), self.forward(input_ids_2, attention_mask_2)) + 2.5"),)),
    "one score a pair as (B,)": Checkout(edits=((MANY, "return self.paraphrase_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2))",
        "return self.paraphrase_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2)).squeeze(-1)"),)),
    "scripts that run when imported": Checkout(edits=((MANY, "TQDM_DISABLE = False", "args = argparse.ArgumentParser().parse_args()\ndevice = torch.device('cuda')\nprint(torch.ones(1).cuda())"),)),
}  # fmt: skip

WRONG = {
    "attention dropout missing": Checkout(edits=((BERT, DROP, ""),), expected={"attention": ("wrong", ("dropout-missing",))}),
    "mask multiplied": Checkout(edits=((BERT, MASK, "scores * attention_mask"),), expected={"attention": ("wrong", ("mask-multiplied",))}),
    "heads merged by view": Checkout(edits=((BERT, MERGE, "    return context.reshape(context.size(0), context.size(2), self.all_head_size)\n"),),
                                     expected={"attention": ("wrong", ("heads-not-transposed-back",))}),
    "add-norm drops the dense layer's input": Checkout(edits=((BERT, "dropout(dense_layer(output))", "dense_layer(dropout(output))"),),
                                                       expected={"add_norm": ("wrong", ("dropout-before-dense",))}),
    "activation missing": Checkout(edits=((BERT, "self.interm_af(self.interm_dense(between))", "self.interm_dense(between)"),), expected={
        "feed_forward": ("wrong", ("activation-missing",)), "layer": ("not checked", ())}),
    "pooler without tanh": Checkout(edits=((BERT, "self.pooler_af(self.pooler_dense(sequence_output[:, 0]))", "self.pooler_dense(sequence_output[:, 0])"),),
                                    expected={"model": ("wrong", ("pooler-tanh-missing",))}),
    "AdamW returns inside the loop": Checkout(edits=((ADAMW, "        return loss", "                return loss"),), expected={"adamw": ("wrong", ("first-parameter-only",))}),
    "AdamW counts on the optimizer": Checkout(edits=(
        (ADAMW, 'state["t"] += 1', "self.t = getattr(self, 't', 0) + 1"), (ADAMW, 't = state["t"]', "t = self.t")), expected={"adamw": ("wrong", ("step-count-per-parameter",))}),
    "sigmoid before the sigmoid": Checkout(edits=((MANY, "return self.paraphrase_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2))",
        "return self.paraphrase_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2)).sigmoid()"),),
        expected={"paraphrase": ("wrong", ("probability-returned",))}),
    "mean over padding": Checkout(edits=((MANY, "['pooler_output']", "['last_hidden_state'].mean(1)"),), expected={head: ("wrong", ("padding-read",)) for head in HEADS}),
    "labels cut": Checkout(edits=((MANY, ", isRegression=True", ""),), expected={"training": ("wrong", ("sts-labels-cut",))}),
    "squeezed batch of one": Checkout(edits=((MANY, "return self.similarity_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2))",
        "return self.similarity_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2)).squeeze()"),),
        expected={"similarity": ("wrong", ("batch-of-one",))}),
    "dropout made in forward": Checkout(edits=((ONE, "self.linear(self.dropout(pooled))", "self.linear(torch.nn.Dropout(0.3)(pooled))"),),
                                        expected={"classifier": ("wrong", ("dropout-in-eval",))}),
    "encoder detached": Checkout(edits=((MANY, "['pooler_output']", "['pooler_output'].detach()"),), expected={head: ("wrong", ("encoder-cut-off",)) for head in HEADS}),
    "raw scores and nll_loss": Checkout(("base", "helpers", "cmu"), ((MANY, "", None), (ONE, "F.log_softmax(self.classifier(self.dropout(features)), dim=-1)",
        "self.classifier(self.dropout(features))")), expected={"classifier": ("wrong", ("nll-of-raw-scores",))}, absent=HEADS),
    "mask filled the wrong way round": Checkout(edits=((BERT, MASK, "scores.masked_fill(attention_mask == 0, -1e9)"),), expected={"attention": ("wrong", ("mask-inverted",))}),
    "raw mask to the layers": Checkout(edits=((BERT, "layer_module(hidden_states, extended_attention_mask)", "layer_module(hidden_states, attention_mask[:, None, None, :])"),),
                                       expected={"model": ("wrong", ("mask-raw",))}),
    "no token types": Checkout(edits=((BERT, "words + places + kinds", "words + places"),), expected={"embeddings": ("wrong", ("token-types-missing",))}),
    "not started": Checkout(edits=((BERT, FORMULA, "    raise NotImplementedError\n    scores = torch.matmul"),), expected={"attention": ("not started", ())}),
}  # fmt: skip

TWICE = {
    "no scale and no dropout": Checkout(edits=((BERT, SCALE, "scores"), (BERT, DROP, "")), expected={"attention": ("wrong", ("dropout-missing", "scale-missing"))}),
    "attention and optimizer": Checkout(edits=((BERT, MASK, "scores"), (ADAMW, "grad = p.grad.data", 'grad = p.grad.data + group["weight_decay"] * p.data'),
        (ADAMW, 'p.data.add_(-group["lr"] * group["weight_decay"] * p.data)', "pass")), expected={"attention": ("wrong", ("mask-missing",)), "adamw": ("wrong", ("decay-in-gradient",))}),
    "softmax without dropout": Checkout(edits=((ONE, "self.linear(self.dropout(pooled))", "F.softmax(self.linear(pooled), dim=-1)"),),
                                        expected={"classifier": ("wrong", ("dropout-missing", "softmax-before-loss"))}),
}  # fmt: skip

BERT_ALONE = ("attention", "add_norm", "feed_forward", "layer", "embeddings", "model")
BROKEN = {
    "syntax error in the heads": Checkout(edits=((MANY, "def predict_sentiment(self, input_ids, attention_mask):", "def predict_sentiment(self, input_ids, attention_mask)"),),
                                          expected={"files": ("raised", ("cannot-be-read",))}, absent=HEADS),
    "import of turtle": Checkout(edits=((BERT, "import math\n", "import math\nfrom turtle import st\n"),), expected={"files": ("raised", ("cannot-be-read",))}, absent=BERT_ALONE),
    "merge markers": Checkout(edits=((ADAMW, "import math\n", "<<<<<<< HEAD\nimport math\n=======\nimport math\n>>>>>>> main\n"),),
                              expected={"files": ("raised", ("cannot-be-read",))}, absent=("adamw",)),
    "broken helper": Checkout(edits=(("utils.py", "import os", "import o s"),)),
}  # fmt: skip
CHECKOUTS = {**RIGHT, **WRONG, **TWICE, **BROKEN}

# These can only be checked where a process can be ended: tests of the command use them.
TRAPS = {
    "breakpoint left": Checkout(edits=((BERT, FORMULA, "    breakpoint()\n    scores = torch.matmul"),), expected={"attention": ("raised", ())}),
    "endless loops, one of them while imported": Checkout(
        edits=((BERT, FORMULA, "    while True:\n      pass\n    scores = torch.matmul"), (ADAMW, "import math\n", "import math\nwhile True:\n    pass\n")),
        expected={"attention": ("raised", ()), "files": ("raised", ("cannot-be-read",))}, absent=("adamw",)),
}  # fmt: skip
