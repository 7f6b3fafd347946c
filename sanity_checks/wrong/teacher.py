"""Wrong and rewritten versions of the Bregman teacher and of R-Drop; what is said about each is in bank/teacher.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

COPY = "self.model = copy.deepcopy(model).requires_grad_(False).eval()"
ANSWER = "answer = (read or self.model)(batch)"
PULL = "return self.settings.weight * bregman_term(logits, answer, self._distances[batch.task])"
TIME = "if updates % self.settings.every == 0:"
BETA = "beta = momentum(updates - 1, self.total, self.settings.momentum, self.settings.late_momentum, self.settings.switch)"
FOLLOW = "follow(list(self.model.state_dict().values()), list(self.student.state_dict().values()), beta)"
SAVED = "without them a resumed run would be pulled elsewhere.\"\"\"\n        return dict(self.model.state_dict())"
TWICE = "return self.distance(logits_of(embeddings), logits)"


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.teacher", old, new),)


def _twice(new: str) -> tuple[Edit, ...]:
    return (Edit("regularizers.r_drop", TWICE, "return " + new),)


WRONG = {
    "not-copied": _edit(COPY, "self.model = model.requires_grad_(False).eval()"),
    "memory-shared": _edit(COPY, COPY + "\n        for slow, fast in zip(self.model.parameters(), model.parameters()):\n            slow.data = fast.data"),
    "tensors-shared": _edit(COPY, "self.model = copy.deepcopy(model, {id(each): each for each in model.parameters()}).eval()"),
    "heads-not-copied": _edit(COPY, COPY + "\n        for parameter in self.model.heads.parameters():\n            torch.nn.init.ones_(parameter)"),
    "copied-from-zero": _edit(COPY, COPY + "\n        for parameter in self.model.parameters():\n            torch.nn.init.zeros_(parameter)"),
    "in-train-mode": _edit(COPY, "self.model = copy.deepcopy(model).requires_grad_(False)"),
    "student-put-in-eval-mode": _edit(ANSWER, "self.student.eval()\n            " + ANSWER) + _edit(COPY, COPY + "\n        model.eval()"),
    "student-frozen": _edit(COPY, "self.model = copy.deepcopy(model.requires_grad_(False)).eval()"),
    "asks-the-student": _edit(ANSWER, "answer = self.student(batch)"),
    "weight-missing": _edit(PULL, PULL.replace("self.settings.weight * ", "")),
    "weight-squared": _edit(PULL, PULL.replace("self.settings.weight * ", "self.settings.weight ** 2 * ")),
    "pull-negated": _edit(PULL, PULL.replace("return ", "return -")),
    "pull-without-slope": _edit(PULL, PULL.replace("logits, answer", "answer, logits")),
    "distance-of-one-kind": _edit(PULL, PULL.replace("self._distances[batch.task]", "divergence('regression')").replace("(logits, answer", "(logits.flatten(), answer.flatten()")),
    "distance-of-probabilities": _edit(PULL, PULL.replace("logits, answer", "logits.softmax(-1), answer.softmax(-1)")),
    "every-ignored": _edit(TIME, "if True:"),
    "every-counted-from-one": _edit(TIME, "if (updates - 1) % self.settings.every == 0:"),
    "never-follows": _edit(FOLLOW, "pass"),
    "first-update-only": _edit(TIME, "if updates == 1:"),
    "copies-at-once": _edit(FOLLOW, FOLLOW.replace("beta)", "0.0)")),
    "beta-exchanged": _edit(FOLLOW, FOLLOW.replace("beta)", "1 - beta)")),
    "momentum-never-switches": _edit(BETA, "beta = self.settings.momentum"),
    "momentum-late-from-the-start": _edit(BETA, "beta = self.settings.late_momentum"),
    "momentum-switches-early": _edit(BETA, BETA.replace("updates - 1", "updates")),
    "momentum-without-total": _edit(BETA, BETA.replace("self.total", "updates")),
    "student-follows": _edit(FOLLOW, "follow(list(self.student.state_dict().values()), list(self.model.state_dict().values()), beta)"),
    "heads-stay": _edit(FOLLOW, "follow([v for k, v in self.model.state_dict().items() if 'heads' not in k], [v for k, v in self.student.state_dict().items() if 'heads' not in k], beta)"),
    "buffers-stay": _edit(FOLLOW, "follow(list(self.model.parameters()), list(self.student.parameters()), beta)"),
    "saved-student": _edit(SAVED, SAVED.replace("self.model.", "self.student.")),
    "saved-nothing": _edit(SAVED, SAVED.replace("dict(self.model.state_dict())", "{}")),
    "twice-same-masks": _twice('self.distance(logits_of(embeddings, masks="same"), logits)'),
    "twice-without-dropout": _twice('self.distance(logits_of(embeddings, masks="off"), logits)'),
    "twice-with-itself": _twice("self.distance(logits, logits)"),
    "twice-first-detached": _twice("self.distance(logits_of(embeddings), logits.detach())"),
    "twice-second-detached": _twice("self.distance(logits_of(embeddings).detach(), logits)"),
    "twice-embeddings-detached": _twice("self.distance(logits_of(embeddings.detach()), logits)"),
    "twice-exchanged": _twice("self.distance(logits, logits_of(embeddings))"),
    "twice-halved": _twice("self.distance(logits_of(embeddings), logits) / 2"),
    "twice-two-new-passes": _twice("self.distance(logits_of(embeddings), logits_of(embeddings))"),
    "twice-squared": _twice("(logits_of(embeddings) - logits).square().mean()"),
}

RIGHT = {
    "eval before the copy is frozen": _edit(COPY, "self.model = copy.deepcopy(model).eval().requires_grad_(False)"),
    "parameters frozen one by one": _edit(COPY, "self.model = copy.deepcopy(model).eval()\n        for parameter in self.model.parameters():\n            parameter.requires_grad = False"),
    "inference without no_grad, of frozen weights": _edit(f"        with torch.no_grad():\n            {ANSWER}\n", f"        {ANSWER}.detach()\n"),
    "matched by name": _edit(FOLLOW, "state = self.student.state_dict()\n            follow(*zip(*((tensor, state[name]) for name, tensor in self.model.state_dict().items())), beta)"),
    "R-Drop: the second pass named": _twice('self.distance(logits_of(embeddings, masks="fresh"), logits)'),
}
