"""Wrong and rewritten versions of the feed-forward network; what is said about each is in bank/feed_forward.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

BODY = "return self.contract(F.gelu(self.expand(x)))"
FORMULA = "return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))"


def _network(new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.feed_forward", BODY, new),)


def _gelu(new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.feed_forward", FORMULA, new),)


WRONG = {
    "gelu-tanh": _gelu("return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))"),
    "gelu-sigmoid": _gelu("return x * torch.sigmoid(1.702 * x)"),
    "gelu-is-silu": _gelu("return x * torch.sigmoid(x)"),
    "gelu-is-relu": _gelu("return x.relu()"),
    "gelu-without-root-two": _gelu("return 0.5 * x * (1 + torch.erf(x))"),
    "gelu-times-root-two": _gelu("return 0.5 * x * (1 + torch.erf(x * math.sqrt(2)))"),
    "gelu-over-two": _gelu("return 0.5 * x * (1 + torch.erf(x / 2))"),
    "gelu-half-missing": _gelu("return x * (1 + torch.erf(x / math.sqrt(2)))"),
    "gelu-one-missing": _gelu("return 0.5 * x * torch.erf(x / math.sqrt(2))"),
    "gelu-sign": _gelu("return 0.5 * x * (1 - torch.erf(x / math.sqrt(2)))"),
    "gelu-without-factor": _gelu("return 0.5 * (1 + torch.erf(x / math.sqrt(2)))"),
    "gelu-of-density": _gelu("return x * torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)"),
    "gelu-brackets": _gelu("return 0.5 * x * 1 + torch.erf(x / math.sqrt(2))"),
    "gelu-missing": _gelu("return x"),
    "gelu-detached": _gelu("return 0.5 * x * (1 + torch.erf(x.detach() / math.sqrt(2)))"),
    "gelu-without-gradient": _gelu("return (0.5 * x * (1 + torch.erf(x / math.sqrt(2)))).detach()"),
    "gelu-in-place": _gelu("return x.mul_(0.5 * (1 + torch.erf(x / math.sqrt(2))))"),
    "gelu-returns-nothing": _gelu("0.5 * x * (1 + torch.erf(x / math.sqrt(2)))"),
    "activation-missing": _network("return self.contract(self.expand(x))"),
    "activation-relu": _network("return self.contract(F.relu(self.expand(x)))"),
    "activation-leaky-relu": _network("return self.contract(F.leaky_relu(self.expand(x)))"),
    "activation-elu": _network("return self.contract(F.elu(self.expand(x)))"),
    "activation-silu": _network("return self.contract(F.silu(self.expand(x)))"),
    "activation-tanh": _network("return self.contract(self.expand(x).tanh())"),
    "activation-sigmoid": _network("return self.contract(self.expand(x).sigmoid())"),
    "activation-softmax": _network("return self.contract(self.expand(x).softmax(-1))"),
    "activation-gelu-tanh": _network("return self.contract(F.gelu(self.expand(x), approximate='tanh'))"),
    "activation-gelu-sigmoid": _network("inner = self.expand(x)\n        return self.contract(inner * (1.702 * inner).sigmoid())"),
    "activation-first": _network("return self.contract(self.expand(F.gelu(x)))"),
    "activation-last": _network("return F.gelu(self.contract(self.expand(x)))"),
    "activation-twice": _network("return F.gelu(self.contract(F.gelu(self.expand(x))))"),
    "activation-of-activation": _network("return self.contract(F.gelu(F.gelu(self.expand(x))))"),
    "maps-swapped": _network("return self.expand(F.gelu(self.contract(x)))"),
    "map-two-skipped": _network("return F.gelu(self.expand(x))"),
    "map-one-without-bias": _network("return self.contract(F.gelu(F.linear(x, self.expand.weight)))"),
    "map-two-without-bias": _network("return F.linear(F.gelu(self.expand(x)), self.contract.weight)"),
    "maps-without-bias": _network("return F.linear(F.gelu(F.linear(x, self.expand.weight)), self.contract.weight)"),
    "residual-inside": _network("return x + self.contract(F.gelu(self.expand(x)))"),
    "norm-inside": _network("return F.layer_norm(self.contract(F.gelu(self.expand(x))), x.shape[-1:])"),
    "residual-and-norm-inside": _network("return F.layer_norm(x + self.contract(F.gelu(self.expand(x))), x.shape[-1:])"),
    "dropout-between": _network("return self.contract(F.dropout(F.gelu(self.expand(x)), 0.1, self.training))"),
    "dropout-on-output": _network("return F.dropout(self.contract(F.gelu(self.expand(x))), 0.1, self.training)"),
    "dropout-on-input": _network("return self.contract(F.gelu(self.expand(F.dropout(x, 0.1, self.training))))"),
    "dropout-in-eval": _network("return self.contract(F.dropout(F.gelu(self.expand(x)), 0.1))"),
    "input-detached": _network("return self.contract(F.gelu(self.expand(x.detach())))"),
    "inner-detached": _network("return self.contract(F.gelu(self.expand(x)).detach())"),
    "output-detached": _network("return self.contract(F.gelu(self.expand(x))).detach()"),
    "input-overwritten": _network("x += self.contract(F.gelu(self.expand(x)))\n        return x"),
    "return-missing": _network("self.contract(F.gelu(self.expand(x)))"),
}

RIGHT = {
    "torch's kernel": _gelu("return F.gelu(x)"),
    "torch's module": _gelu("return nn.GELU()(x)"),
    "the normal distribution function": _gelu("return x * torch.special.ndtr(x)"),
    "the distribution of torch.distributions": _gelu("return x * torch.distributions.Normal(0.0, 1.0).cdf(x)"),
    "the complementary error function": _gelu("return 0.5 * x * torch.erfc(-x * 0.7071067811865475244)"),
    "the network with gelu of the same file": _network("return self.contract(gelu(self.expand(x)))"),
    "the network with torch's module": _network("return nn.Sequential(self.expand, nn.GELU(), self.contract)(x)"),
    "functional linear maps": _network("return F.linear(F.gelu(F.linear(x, self.expand.weight, self.expand.bias)), self.contract.weight, self.contract.bias)"),
    "einsum": _network("inner = gelu(torch.einsum('btc,ic->bti', x, self.expand.weight) + self.expand.bias)\n"
                       "        return torch.einsum('bti,ci->btc', inner, self.contract.weight) + self.contract.bias"),
    "addmm": _network("inner = torch.addmm(self.expand.bias, x.flatten(0, 1), self.expand.weight.T)\n"
                      "        return torch.addmm(self.contract.bias, F.gelu(inner), self.contract.weight.T).view(x.shape)"),
    "matrix products": _network("inner = gelu(x @ self.expand.weight.T + self.expand.bias)\n        return inner @ self.contract.weight.T + self.contract.bias"),
    "one token at a time": _network("return torch.stack([self.contract(F.gelu(self.expand(token))) for token in x.unbind(1)], 1)"),
}
