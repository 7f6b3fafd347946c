"""Wrong versions of what no bank of mistakes covers, as small changes to its real source: (component, module, what stands there, what a mistake makes of it).

A change whose text no longer stands in the source is reported as stale, so the table stays honest. The bodies that students write have banks.
"""

from __future__ import annotations

WRONG = [
    ("dropout", "minbert.dropout", "if not training or rate == 0.0", "if rate == 0.0"),
    ("dropout", "minbert.dropout", "SIDES / (SIDES - dropped_sides)", "1.0"),
    ("dropout", "minbert.dropout", "round(rate * SIDES)", "round((1 - rate) * SIDES)"),
    ("tokenizer", "minbert.tokenizer", "[1] * (len(kept_b) + 1)", "[0] * (len(kept_b) + 1)"),
    ("tokenizer", "minbert.tokenizer", "*kept_a, self.sep_id, *kept_b, self.sep_id]", "*kept_a, *kept_b, self.sep_id]"),
    ("tokenizer", "minbert.tokenizer", "torch.full((len(rows), longest), self.pad_id)", "torch.full((len(rows), longest), self.unk_id)"),
    ("tokenizer", "minbert.tokenizer", "attention_mask[row, : len(ids)] = 1", "attention_mask[row] = 1"),
    ("tokenizer", "minbert.truncation", "return half_a, half_b", "return budget, 0"),
    ("weights", "minbert.released_names", 'name.removesuffix(old) + new', 'name'),
    ("weights", "minbert.bert", "return bert.eval()", "return bert"),
    ("adamw", "optim.adamw", 'state["step"] += 1', 'state["step"] = 1'),
    ("schedules", "optim.schedules", "group[\"initial_lr\"] * self.factor", "group[\"lr\"] * self.factor"),
    ("schedules", "optim.schedules", "group[\"initial_lr\"] * self.factor", "self.optimizer.param_groups[0][\"initial_lr\"] * self.factor"),
    ("schedules", "optim.schedules", "self.updates_done = done", "self.updates_done = 0"),
    ("groups", "optim.rates", "xi ** (depth - 1 - layer)", "xi ** layer"),
    ("groups", "optim.rates", "xi ** (depth - 1 - layer)", "xi ** (depth - layer)"),
    ("groups", "optim.groups", "part == word or part.endswith(\"_\" + word)", "part == word"),
    ("groups", "optim.groups", "if not parameter.requires_grad or id(parameter) in seen:", "if id(parameter) in seen:"),
    ("groups", "optim.rates", "return part, factor\n", "return part, 1.0\n"),
    ("losses", "tasks.losses", "    expect_shapes(kind, logits, labels)\n", "    logits = logits.flatten()\n"),
    ("metrics", "tasks.metrics", "(truth * num_classes + answers)", "(answers * num_classes + truth)"),
    ("metrics", "tasks.metrics", "centred = scaled - scaled.mean()", "centred = scaled"),
    ("metrics", "tasks.metrics", "sum(values) / len(values)", "sum(values)"),
    ("metrics", "tasks.metrics", "logits.sigmoid().round()", "logits.sigmoid().ceil()"),
    ("batching", "tasks.batching", "for first in range(0, len(near), batch_size)]", "for first in range(0, len(near) - batch_size + 1, batch_size)]"),
    ("batching", "tasks.batching", "torch.randperm(len(lengths), generator=generator)", "torch.randperm(len(lengths), generator=torch.Generator().manual_seed(0))"),
    ("batching", "tasks.batching", "sorted(shuffled[start : start + batch_size * window], key=lengths.__getitem__)", "shuffled[start : start + batch_size * window]"),
    ("batching", "tasks.batching", "for part in range(per_example) for source, index in zip(sources, indices)]", "for source, index in zip(sources, indices) for part in range(per_example)]"),
    ("batching", "tasks.batching", "encoded.labels[list(indices)]", "encoded.labels[sorted(indices)]"),
    ("batching", "tasks.streams", "self.position = position", "self.position = 0"),
    ("checkpoint", "tasks.checkpoint", "raise UserError(f\"{path} is damaged", "print(f\"{path} is damaged"),
    ("checkpoint", "tasks.checkpoint", "value.detach().cpu()", "value.detach().cpu().float()"),
]
