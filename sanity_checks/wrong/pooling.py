"""Wrong and rewritten versions of pooling; what is said about each is in bank/pooling.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.pooling", old, new),)


def _mean(body: str) -> tuple[Edit, ...]:
    return (Edit("tasks.pooling", "", body, body="masked_mean"),)


def _max(body: str) -> tuple[Edit, ...]:
    return (Edit("tasks.pooling", "", body, body="masked_max"),)


FILLED = "hidden = hidden.masked_fill((mask == 0)[..., None], 0.0)"
COUNTS = "counts = mask.ne(0).sum(dim=1, keepdim=True)"
MEAN = "hidden.sum(dim=1) / counts.clamp(min=1).to(hidden.dtype)"
LARGEST = "hidden.masked_fill(pads, -torch.inf).amax(dim=1)"
EMPTY = "largest.masked_fill(pads.all(dim=1), 0.0)"

WRONG = {
    "mean-over-padding": _mean("return hidden.mean(dim=1)"),
    "mean-pads-summed": _edit(FILLED, "pass"),
    "mean-divided-by-length": _edit(COUNTS, "counts = torch.full_like(mask[:, :1], hidden.size(1))"),
    "mean-not-divided": _edit(MEAN, "hidden.sum(dim=1)"),
    "mean-divided-by-root": _edit(MEAN, "hidden.sum(dim=1) / counts.clamp(min=1).to(hidden.dtype).sqrt()"),
    "mean-mask-inverted": _mean("m = (mask == 0)[..., None]\nreturn (hidden * m).sum(1) / m.sum(1).clamp(min=1)"),
    "mean-mask-of-first-row": _mean("m = mask[:1, :, None]\nreturn (hidden * m).sum(1) / m.sum(1).clamp(min=1)"),
    "mean-count-of-whole-batch": _edit(COUNTS, "counts = mask.ne(0).sum()"),
    "mean-count-of-first-row": _edit(COUNTS, "counts = mask[:1].ne(0).sum(dim=1, keepdim=True)"),
    "mean-count-without-keepdim": _edit(COUNTS, "counts = mask.ne(0).sum(dim=1)"),
    "mean-without-first-token": _mean("m = mask[:, 1:, None]\nreturn (hidden[:, 1:] * m).sum(1) / m.sum(1).clamp(min=1)"),
    "mean-over-batch": _edit(MEAN, "hidden.sum(dim=0) / counts.clamp(min=1).to(hidden.dtype)[0]"),
    "mean-is-maximum": _mean("return hidden.masked_fill((mask == 0)[..., None], -1e9).amax(1).masked_fill((mask == 0).all(1, keepdim=True), 0.0)"),
    "mean-detached": _edit(MEAN, "hidden.detach().sum(dim=1) / counts.clamp(min=1).to(hidden.dtype)"),
    "mean-row-without-tokens": _edit("counts.clamp(min=1).to", "counts.to"),
    "mean-fills-its-input": _edit(FILLED, "hidden.masked_fill_((mask == 0)[..., None], 0.0)"),
    "mean-pads-multiplied": _edit(FILLED, "hidden = hidden * mask[..., None]"),
    "mean-by-lengths": _mean("rows = [row[:n].mean(0) if n else row[0] * 0 for row, n in zip(hidden, mask.sum(1).tolist())]\nreturn torch.stack(rows)"),
    "max-over-padding": _max("return hidden.amax(dim=1)"),
    "max-pads-zero": _edit(LARGEST, "hidden.masked_fill(pads, 0.0).amax(dim=1)"),
    "max-mask-inverted": _edit(LARGEST, "hidden.masked_fill(~pads, -torch.inf).amax(dim=1)"),
    "max-mask-of-first-row": _edit(LARGEST, "hidden.masked_fill(pads[:1], -torch.inf).amax(dim=1)"),
    "max-places-instead-of-values": _edit(LARGEST, "hidden.masked_fill(pads, -torch.inf).argmax(dim=1)"),
    "max-tuple": _max("return hidden.masked_fill((mask == 0)[..., None], -torch.inf).max(dim=1)"),
    "max-over-channels": _edit(LARGEST, "hidden.masked_fill(pads, -torch.inf).amax(dim=-1)"),
    "max-over-batch": _edit(LARGEST, "hidden.masked_fill(pads, -torch.inf).amax(dim=0)"),
    "max-is-smallest": _edit(LARGEST, "hidden.masked_fill(pads, torch.inf).amin(dim=1)"),
    "max-is-mean": _max("m = mask[..., None]\nreturn (hidden * m).sum(1) / m.sum(1).clamp(min=1)"),
    "max-without-first-token": _edit(LARGEST, "hidden.masked_fill(pads, -torch.inf)[:, min(1, hidden.size(1) - 1) :].amax(dim=1)"),
    "max-of-sizes": _edit(LARGEST, "hidden.abs().masked_fill(pads, -torch.inf).amax(dim=1)"),
    "max-detached": _edit(LARGEST, "hidden.detach().masked_fill(pads, -torch.inf).amax(dim=1)"),
    "max-row-without-tokens": _edit(EMPTY, "largest"),
    "max-fill-too-weak": _edit(LARGEST, "(hidden + pads * -1.0).amax(dim=1)"),
    "max-fills-its-input": _edit(LARGEST, "hidden.masked_fill_(pads, -torch.inf).amax(dim=1)"),
    "max-pads-subtracted": _edit(LARGEST, "(hidden - 1e9 * pads).amax(dim=1)"),
    "max-by-lengths": _max("return torch.stack([row[:n].amax(0) if n else row[0] * 0 for row, n in zip(hidden, mask.sum(1).tolist())])"),
}

RIGHT = {
    "mean: einsum": _mean("m = mask.to(hidden.dtype)\ntotal = torch.einsum('rtc,rt->rc', hidden.masked_fill((mask == 0)[..., None], 0.0), m)\n"
                          "return total / m.sum(1, keepdim=True).clamp(min=1e-9)"),
    "mean: torch.where": _mean("kept = torch.where(mask.bool()[..., None], hidden, 0.0)\nreturn kept.sum(1) / mask.sum(1).clamp(min=1).unsqueeze(-1)"),
    "mean: nan to the rescue": _mean("return hidden.masked_fill((mask == 0)[..., None], torch.nan).nanmean(dim=1).nan_to_num(0.0)"),
    "mean: weights first": _mean("weights = mask / mask.sum(1, keepdim=True).clamp(min=1)\n"
                                 "return (weights.unsqueeze(1).to(hidden.dtype) @ hidden.masked_fill((mask == 0)[..., None], 0.0)).squeeze(1)"),
    "max: a fill of -1e9": _edit("-torch.inf", "-1e9"),
    "max: torch.where": _edit(LARGEST, "torch.where(mask.bool()[..., None], hidden, torch.finfo(hidden.dtype).min).max(dim=1).values"),
    "max: sorted": _edit(LARGEST, "hidden.masked_fill(pads, -torch.inf).sort(dim=1, descending=True).values[:, 0]"),
}
