"""Wrong and rewritten versions of SMART; what is said about each is in bank/smart.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "regularizers.smart"
CLIPPED = "return delta.clamp(-settings.epsilon, settings.epsilon)"
LENGTH = 'length = NORMS["2"](delta, SCOPES[settings.scope])'
SHORTENED = "return delta * (settings.epsilon / length.clamp(min=settings.epsilon or 1.0))"
NOISE = "settings.sigma * torch.randn(like.shape, generator=generator, device=generator.device).to(like)"
SLOPE = "torch.autograd.grad(distance(respond(delta), clean), delta)"
TAKEN = f"(slope,) = {SLOPE}"
SIZE = "NORMS[settings.norm](slope, SCOPES[settings.scope]).clamp(min=torch.finfo(slope.dtype).tiny)"
STEP = "delta = project(delta.detach() + settings.eta * slope / size, settings)"
LAST = "return project(delta, settings)"
ASCENT = "lambda moved: respond(start + moved), clean.detach(), start, self.distance, self.settings, self.generator"
FINAL = "return self.distance(respond(embeddings + delta), clean)"
CLEAN = 'clean = respond(embeddings) if self.settings.dropout == "off" else logits'
RESPONDER = "respond = self._responder(logits_of)"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _step(new: str) -> tuple[Edit, ...]:
    return _edit(STEP, new)


def _final(new: str) -> tuple[Edit, ...]:
    return _edit(FINAL, "return " + new)


WRONG = {
    "ball-ignored": _edit(CLIPPED, "return delta"),
    "ball-of-two-norm-ignored": _edit(SHORTENED, "return delta"),
    "ball-from-above-only": _edit(CLIPPED, "return delta.clamp(max=settings.epsilon)"),
    "ball-of-radius-one": _edit(CLIPPED, "return delta / (delta.abs().amax(-1, keepdim=True) + settings.epsilon)"),
    "ball-always-filled": _edit(CLIPPED, "return settings.epsilon * delta / delta.abs().max().clamp(min=1e-12)"),
    "ball-corners-only": _edit(CLIPPED, "return settings.epsilon * delta.sign()"),
    "ball-of-two-norm-clipped": _edit(SHORTENED, CLIPPED),
    "ball-of-two-norm-always-filled": _edit(SHORTENED, "return delta * (settings.epsilon / length.clamp(min=1e-12))"),
    "ball-of-two-norm-for-the-batch": _edit(LENGTH, 'length = NORMS["2"](delta, SCOPES["batch"])'),
    "ball-of-two-norm-by-squares": _edit(SHORTENED, "return delta * (settings.epsilon / (length ** 2).clamp(min=settings.epsilon or 1.0))"),
    "ball-of-two-norm-divides-by-zero": _edit(SHORTENED, "return delta * (settings.epsilon / length).clamp(max=1.0)"),
    "noise-missing": _edit(NOISE, "torch.zeros_like(like)"),
    "noise-not-scaled": _edit(NOISE, NOISE.removeprefix("settings.sigma * ")),
    "noise-scaled-by-variance": _edit(NOISE, NOISE.replace("sigma", "sigma ** 2")),
    "noise-scaled-by-epsilon": _edit(NOISE, NOISE.replace("sigma", "epsilon")),
    "noise-uniform": _edit(NOISE, NOISE.replace("randn", "rand")),
    "noise-not-from-generator": _edit(NOISE, NOISE.replace("generator=generator, ", "")),
    "noise-for-a-row": _edit(NOISE, NOISE.replace("like.shape", "like.shape[1:]") + ".expand_as(like).contiguous()"),
    "noise-drawn-every-step": _edit("    delta.requires_grad_()\n", "    delta = " + NOISE + "\n        delta.requires_grad_()\n"),
    "ascent-missing": _step("delta = delta.detach()"),
    "descent": _step(STEP.replace("+", "-")),
    "start-forgotten": _step(STEP.replace("delta.detach() + ", "")),
    "one-step-only": _step(STEP + "\n        return delta"),
    "eta-missing": _step(STEP.replace("settings.eta * ", "")),
    "slope-not-normalised": _step(STEP.replace(" / size", "")),
    "slope-sign": _step(STEP.replace("slope / size", "slope.sign()")),
    "slope-two-norm": _edit(SIZE, 'NORMS["2"](slope, SCOPES[settings.scope]).clamp(min=1e-300)'),
    "slope-norm-for-a-token": _edit(SIZE, SIZE.replace("settings.scope", '"token"')),
    "slope-norm-for-a-sentence": _edit(SIZE, SIZE.replace("settings.scope", '"sentence"')),
    "slope-norm-for-the-batch": _edit(SIZE, SIZE.replace("settings.scope", '"batch"')),
    "slope-size-with-sign": _edit(SIZE, SIZE.replace("NORMS[settings.norm](slope, SCOPES[settings.scope])", "slope.amax(SCOPES[settings.scope], keepdim=True)")),
    "slope-of-zero": _edit(SIZE, SIZE.partition(".clamp")[0]),
    "slope-of-something-else": _edit(SLOPE, SLOPE.replace("distance(respond(delta), clean)", "respond(delta).square().mean()")),
    "ascent-arguments-exchanged": _edit(SLOPE, SLOPE.replace("distance(respond(delta), clean)", "distance(clean, respond(delta))")),
    "ascent-writes-gradients": _edit(TAKEN, "distance(respond(delta), clean).backward()\n            slope = delta.grad"),
    "graph-kept": _edit(STEP, STEP.replace("delta.detach()", "delta")),
    "ascent-stops-inside-no-grad": _edit("with torch.enable_grad():", "if True:"),
    "projected-at-the-end-only": _step("delta = delta.detach() + settings.eta * slope / size"),
    "start-not-projected": _edit(LAST, "return delta.detach()"),
    "clean-detached": _final("self.distance(respond(embeddings + delta), clean.detach())"),
    "perturbed-detached": _final("self.distance(respond(embeddings + delta).detach(), clean)"),
    "value-detached": _final("self.distance(respond(embeddings + delta), clean).detach()"),
    "embeddings-detached": _final("self.distance(respond(start + delta), clean)"),
    "perturbed-without-embeddings": _final("self.distance(respond(delta), clean)"),
    "perturbation-added-twice": _final("self.distance(respond(embeddings + 2 * delta), clean)"),
    "perturbation-subtracted": _final("self.distance(respond(embeddings - delta), clean)"),
    "perturbation-not-used": _final("self.distance(respond(embeddings), clean)"),
    "perturbed-against-itself": _final("self.distance(respond(embeddings + delta), respond(embeddings + delta))"),
    "value-negated": _final("-self.distance(respond(embeddings + delta), clean)"),
    "value-arguments-exchanged": _final("self.distance(clean, respond(embeddings + delta))"),
    "value-summed": _final("self.distance(respond(embeddings + delta), clean) * len(embeddings)"),
    "masks-fresh": _edit(RESPONDER, "respond = logits_of"),
    "masks-fresh-at-the-end": _final("self.distance(logits_of(embeddings + delta), clean)"),
    "masks-fresh-in-the-ascent": _edit(ASCENT, ASCENT.replace("respond(start + moved)", "logits_of(start + moved)")),
    "masks-same": _edit(RESPONDER, 'respond = lambda given: logits_of(given, masks="same")'),
    "masks-off": _edit(RESPONDER, 'respond = lambda given: logits_of(given, masks="off")'),
    "clean-pass-with-dropout": _edit(CLEAN, "clean = logits"),
    "clean-pass-again": _edit(CLEAN, "clean = respond(embeddings)"),
}

WHOLE = '''
respond = self._responder(logits_of)
clean = respond(embeddings) if self.settings.dropout == "off" else logits
constant, held = clean.detach(), embeddings.detach()
s = self.settings
noise = torch.empty_like(held).normal_(0, s.sigma, generator=self.generator)
adversarial = held + project(noise, s) if s.steps == 0 else held + noise
for _ in range(s.steps):
    adversarial = adversarial.detach().requires_grad_()
    (slope,) = torch.autograd.grad(self.distance(respond(adversarial), constant), adversarial)
    size = NORMS[s.norm](slope, SCOPES[s.scope]) + 1e-30
    adversarial = held + project(adversarial.detach() - held + s.eta * slope / size, s)
return self.distance(respond(embeddings + (adversarial - held).detach()), clean)
'''
RIGHT = {
    "clipped by min and max": _edit(CLIPPED, "return torch.minimum(torch.maximum(delta, torch.tensor(-settings.epsilon)), torch.tensor(settings.epsilon))"),
    "shortened where it is too long": _edit(SHORTENED, "return torch.where(length > settings.epsilon, settings.epsilon * delta / length.clamp(min=1e-300), delta)"),
    "noise in the dtype of the embeddings": _edit(NOISE, "settings.sigma * torch.randn(like.shape, generator=generator, dtype=like.dtype)"),
    "noise of randn_like": _edit(NOISE, "settings.sigma * torch.randn_like(like, generator=generator)"),
    "noise of torch.normal": _edit(NOISE, "torch.normal(0.0, settings.sigma, like.shape, generator=generator, dtype=like.dtype)"),
    "noise of normal_": _edit(NOISE, "torch.empty_like(like).normal_(0.0, settings.sigma, generator=generator)"),
    "slope by backward of the noise alone": _edit(TAKEN, "distance(respond(delta), clean).backward(inputs=[delta])\n            slope, delta.grad = delta.grad, None"),
    "the size with a small number added": _edit(SIZE, "NORMS[settings.norm](slope, SCOPES[settings.scope]) + 1e-30"),
    "the perturbed embeddings are moved": (Edit(MODULE, "", WHOLE, body="Smart.__call__"),),
    "the perturbation detached once more": _final("self.distance(respond(embeddings + delta.clone().detach()), clean)"),
}
