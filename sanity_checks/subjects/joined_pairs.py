"""What the joined pairs probe needs: pairs that are embedded apart and read together, and the readings of what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from sanity_checks.subjects.attention import fill


@dataclass(frozen=True)
class JoinedPairs:
    """apart(encoder, first ids, mask, second ids, mask, types, second cls) and closed(embeddings (B, T, C), mask) -> pairs and their mask;
    path(encoder, types, second cls) -> a way of pairs, with embed(ids (R, T), types of the batch, point), onward(point, states, ids, types of the batch)
    and ready(embeddings (R, T, C), mask (R, T)) -> pairs (B, T', C) and their mask; mask(path, mask (R, T)) -> (B, T');
    joined(encoder, pairs, types, second cls) -> task -> what it reads with, for a task of one text and one of pairs;
    reading(name, width, heads, pooling, generator) -> a fresh module; filled(the same) -> one with fixed numbers; run(module, encode, embeddings, mask) -> (B, F)."""

    apart: Callable[..., tuple[Tensor, Tensor]]
    closed: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
    path: Callable[[Any, str, str], Any]
    mask: Callable[[Any, Tensor], Tensor]
    joined: Callable[[Any, str, str, str], dict[str, Any]]
    reading: Callable[..., nn.Module]
    filled: Callable[[nn.Module], nn.Module]
    run: Callable[..., Tensor]


def library() -> JoinedPairs:
    """The subject made of minbert/embedding_order.py, tasks/joined_path.py and tasks/cross_embedding.py."""
    from types import SimpleNamespace

    import minbert.embedding_order as order  # here, so that a file that cannot be read is reported when its component is checked
    import tasks.cross_embedding as cross
    import tasks.joined_path as ours
    from tasks.paths import Paths
    from tasks.registry import TASKS

    def joined(encoder: Any, pairs: str, types: str, second_cls: str) -> dict[str, Any]:
        paths = Paths(None, None, {}, {"sst": encoder, "quora": encoder})  # type: ignore[arg-type]
        settings = SimpleNamespace(pairs=pairs, joined_types=types, second_cls=second_cls)
        return dict(ours.joined_paths(paths, TASKS, settings).by_task)  # type: ignore[arg-type]

    return JoinedPairs(
        lambda *given: tuple(order.embed_then_join(*given)), lambda *given: tuple(order.close_up(order.Joined(*given))), lambda *given: ours.JoinedPath(*given),
        lambda path, mask: ours.mask_of(path, mask), joined, lambda *given: cross.cross_embedding(*given), fill, lambda module, *given: module(*given),
    )  # fmt: skip
