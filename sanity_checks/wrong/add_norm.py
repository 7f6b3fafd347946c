"""Wrong and rewritten versions of add-norm; what is said about each is in bank/add_norm.py."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor, nn

from sanity_checks.subjects.add_norm import AddNorm
from sanity_checks.wrong import Edit, Swap


def _edit(new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.layer", "return norm(residual + dropout(branch))", new),)


# Where add_norm is given the dense layer, as in the course's starter, it can be forgotten or put in a wrong place. Here that takes a swap.


def _dense_skipped(subject: AddNorm) -> AddNorm:
    return replace(subject, run=lambda residual, output, dense, dropout, norm: subject.run(residual, output, nn.Identity(), dropout, norm))


def _dense_twice(subject: AddNorm) -> AddNorm:
    return replace(subject, run=lambda residual, output, dense, dropout, norm: subject.run(residual, dense(output), dense, dropout, norm))


def _dense_on_sum(subject: AddNorm) -> AddNorm:
    return replace(subject, run=lambda residual, output, dense, dropout, norm: norm(dropout(dense(residual + output))))


def _dense_last(subject: AddNorm) -> AddNorm:
    return replace(subject, run=lambda residual, output, dense, dropout, norm: dense(norm(residual + dropout(output))))


def _dropout_before_dense(subject: AddNorm) -> AddNorm:
    return replace(subject, run=lambda residual, output, dense, dropout, norm: subject.run(residual, dropout(output), dense, nn.Identity(), norm))


def _dropout_around_dense(subject: AddNorm) -> AddNorm:
    return replace(subject, run=lambda residual, output, dense, dropout, norm: subject.run(residual, dropout(output), dense, dropout, norm))


def _dense_as_branch(subject: AddNorm) -> AddNorm:
    # the right answer by hand, with the dense layer inside
    def run(residual: Tensor, output: Tensor, dense: nn.Module, dropout: nn.Module, norm: nn.Module) -> Tensor:
        transformed = dropout(dense(output))
        transformed += residual
        return norm(transformed)

    return replace(subject, run=run)


CENTRED = "summed = residual + dropout(branch)\n    centred = summed - summed.mean(-1, keepdim=True)\n    "

WRONG: dict[str, tuple[Edit | Swap, ...]] = {
    "dropout-missing": _edit("return norm(residual + branch)"),
    "dropout-before-dense": (Swap("add_norm", _dropout_before_dense),),
    "dropout-before-and-after-dense": (Swap("add_norm", _dropout_around_dense),),
    "dropout-on-sum": _edit("return norm(dropout(residual + branch))"),
    "dropout-after-norm": _edit("return dropout(norm(residual + branch))"),
    "dropout-on-residual-too": _edit("return norm(dropout(residual) + dropout(branch))"),
    "dropout-on-residual": _edit("return norm(dropout(residual) + branch)"),
    "dropout-twice": _edit("return norm(residual + dropout(dropout(branch)))"),
    "dropout-rate": _edit("return norm(residual + nn.functional.dropout(branch, 0.1, dropout.training))"),
    "dropout-in-eval": _edit("return norm(residual + nn.functional.dropout(branch, dropout.p))"),
    "norm-on-branch": _edit("return residual + norm(dropout(branch))"),
    "norm-on-residual": _edit("return norm(residual) + dropout(branch)"),
    "norm-on-both": _edit("return norm(residual) + norm(dropout(branch))"),
    "norm-missing": _edit("return residual + dropout(branch)"),
    "norm-twice": _edit("return norm(norm(residual + dropout(branch)))"),
    "norm-new": _edit("return nn.LayerNorm(residual.size(-1)).to(residual.dtype)(residual + dropout(branch))"),
    "norm-eps": _edit("return nn.functional.layer_norm(residual + dropout(branch), norm.normalized_shape, norm.weight, norm.bias)"),
    "norm-eps-of-bert": _edit("return nn.functional.layer_norm(residual + dropout(branch), norm.normalized_shape, norm.weight, norm.bias, 1e-12)"),
    "norm-without-gain-and-bias": _edit("return nn.functional.layer_norm(residual + dropout(branch), norm.normalized_shape, eps=norm.eps)"),
    "norm-over-tokens": _edit("return norm.weight * nn.functional.layer_norm(residual + dropout(branch), residual.shape[1:], eps=norm.eps) + norm.bias"),
    "norm-unbiased-variance": _edit(CENTRED + "return norm.weight * centred / (summed.var(-1, keepdim=True) + norm.eps).sqrt() + norm.bias"),
    "norm-eps-outside-root": _edit(CENTRED + "return norm.weight * centred / (summed.var(-1, unbiased=False, keepdim=True).sqrt() + norm.eps) + norm.bias"),
    "norm-without-mean": _edit(CENTRED + "return norm.weight * summed / (summed.square().mean(-1, keepdim=True) + norm.eps).sqrt() + norm.bias"),
    "residual-missing": _edit("return norm(dropout(branch))"),
    "residual-is-branch": _edit("return norm(branch + dropout(branch))"),
    "residual-twice": _edit("return residual + norm(residual + dropout(branch))"),
    "residual-subtracted": _edit("return norm(dropout(branch) - residual)"),
    "residual-multiplied": _edit("return norm(residual * dropout(branch))"),
    "residual-averaged": _edit("return norm((residual + dropout(branch)) / 2)"),
    "residual-overwritten": _edit("residual += dropout(branch)\n    return norm(residual)"),
    "residual-detached": _edit("return norm(residual.detach() + dropout(branch))"),
    "branch-missing": _edit("return norm(residual)"),
    "branch-detached": _edit("return norm(residual + dropout(branch).detach())"),
    "branch-is-residual": _edit("return norm(residual + dropout(residual))"),
    "dense-skipped": (Swap("add_norm", _dense_skipped),),
    "dense-twice": (Swap("add_norm", _dense_twice),),
    "dense-on-sum": (Swap("add_norm", _dense_on_sum),),
    "dense-last": (Swap("add_norm", _dense_last),),
    "return-missing": _edit("norm(residual + dropout(branch))"),
}

RIGHT: dict[str, tuple[Edit | Swap, ...]] = {
    "the other order of the sum": _edit("return norm(dropout(branch) + residual)"),
    "functional dropout": _edit("return norm(residual + nn.functional.dropout(branch, dropout.p, dropout.training))"),
    "functional layer norm": _edit("return nn.functional.layer_norm(residual + dropout(branch), norm.normalized_shape, norm.weight, norm.bias, norm.eps)"),
    "layer norm by hand": _edit(CENTRED + "return norm.weight * centred / (centred.square().mean(-1, keepdim=True) + norm.eps).sqrt() + norm.bias"),
    "the sum by torch.add": _edit("return norm.forward(torch.add(residual, dropout.forward(branch)))".replace("torch.", "__import__('torch').")),
    "added in place to the branch": _edit("branch = dropout(branch)\n    branch += residual\n    return norm(branch)"),
    "the dense layer inside": (Swap("add_norm", _dense_as_branch),),
    "the sum of a stack": _edit("return norm(sum([residual, dropout(branch)]))"),
}
