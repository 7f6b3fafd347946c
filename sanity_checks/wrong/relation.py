"""Wrong and rewritten versions of the relational layer; what is said about each is in bank/relation.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "tasks.relation"
LENGTH = "length = vector.norm(dim=-1, keepdim=True)"
UNIT = "return torch.where(length > SHORTEST, vector / length.clamp(min=SHORTEST), torch.zeros_like(vector))"
FEATURES = "return torch.cat([u, v, (u - v).abs(), direction(u) * direction(v)], dim=-1)"
LAYER = "return F.leaky_relu(self.linear(self.dropout(features)))"


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit(MODULE, old, new),)


def _features(old: str, new: str) -> tuple[Edit, ...]:
    return _edit(FEATURES, FEATURES.replace(old, new))


def _layer(old: str, new: str) -> tuple[Edit, ...]:
    return _edit(LAYER, LAYER.replace(old, new))


WRONG = {
    "not-normalised": _features("direction(u) * direction(v)", "u * v"),
    "first-only-normalised": _features("direction(u) * direction(v)", "direction(u) * v"),
    "length-of-the-batch": _edit(LENGTH, "length = vector.norm(dim=0, keepdim=True)"),
    "length-of-everything": _edit(LENGTH, "length = vector.norm()"),
    "length-squared": _edit(LENGTH, "length = vector.square().sum(-1, keepdim=True)"),
    "sum-of-sizes-for-length": _edit(LENGTH, "length = vector.abs().sum(-1, keepdim=True)"),
    "zero-vector-divides": _edit(UNIT, "return vector / length"),
    "zero-vector-has-a-slope": _edit(UNIT, "return vector / length.clamp(min=SHORTEST)"),
    "guard-is-large": _edit(UNIT, "return vector / (length + 1e-2)"),
    "difference-without-sign-removed": _features("(u - v).abs()", "u - v"),
    "difference-squared": _features("(u - v).abs()", "(u - v) ** 2"),
    "difference-of-sizes": _features("(u - v).abs()", "u.abs() - v.abs()"),
    "difference-missing": _features("(u - v).abs()", "u + v"),
    "difference-of-directions": _features("(u - v).abs()", "(direction(u) - direction(v)).abs()"),
    "blocks-exchanged": _features("(u - v).abs(), direction(u) * direction(v)", "direction(u) * direction(v), (u - v).abs()"),
    "sentences-exchanged": _features("[u, v,", "[v, u,"),
    "one-sentence-twice": _features("[u, v,", "[u, u,"),
    "cosine-spread": _features("direction(u) * direction(v)", "(direction(u) * direction(v)).sum(-1, keepdim=True).expand_as(u)"),
    "directions-in-all-blocks": _edit(FEATURES, "u, v = direction(u), direction(v)\n    return torch.cat([u, v, (u - v).abs(), u * v], dim=-1)"),
    "second-sentence-detached": _features("direction(v)", "direction(v.detach())"),
    "dropout-missing": _layer("self.dropout(features)", "features"),
    "dropout-after-the-map": _layer("self.linear(self.dropout(features))", "self.dropout(self.linear(features))"),
    "dropout-twice": _layer("F.leaky_relu(self.linear(self.dropout(features)))", "self.dropout(F.leaky_relu(self.linear(self.dropout(features))))"),
    "dropout-always-on": _layer("self.dropout(features)", "F.dropout(features, self.dropout.p)"),
    "relu-for-leaky": _layer("F.leaky_relu", "F.relu"),
    "gelu-for-leaky": _layer("F.leaky_relu", "F.gelu"),
    "tanh-for-leaky": _layer("F.leaky_relu", "torch.tanh"),
    "activation-missing": _edit(LAYER, "return self.linear(self.dropout(features))"),
    "steeper-below-zero": _layer("self.dropout(features))", "self.dropout(features)), 0.2"),
    "activation-before-the-map": _layer("F.leaky_relu(self.linear(self.dropout(features)))", "self.linear(F.leaky_relu(self.dropout(features)))"),
    "bias-missing": _layer("self.linear(self.dropout(features))", "F.linear(self.dropout(features), self.linear.weight)"),
    "features-detached": _layer("self.dropout(features)", "self.dropout(features.detach())"),
}

RIGHT = {
    "a stack": _edit(FEATURES, "return torch.stack([u, v, torch.abs(u - v), direction(u) * direction(v)], 1).flatten(1)"),
    "the larger minus the smaller": _features("(u - v).abs()", "torch.maximum(u, v) - torch.minimum(u, v)"),
    "the length by hand": _edit(LENGTH, "length = (vector * vector).sum(-1, keepdim=True).clamp(min=1e-30).sqrt()"),
    "the leak by hand": _edit(LAYER, "hidden = self.linear(self.dropout(features))\n        return torch.where(hidden > 0, hidden, 0.01 * hidden)"),
    "an activation module": _edit(LAYER, "return nn.LeakyReLU(0.01)(self.linear(self.dropout(features)))"),
}
