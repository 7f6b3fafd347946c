"""One sentence for all tasks: the shared layers are walked once, and only then do the tasks part.

    h = layers 1 .. L-k of the trunk (once),    h_t = the k top layers of task t on h (for each of K tasks):    L - k + K k layers, not K L

Letters: B batch, T tokens, C model width, L layers, k own layers, K tasks.
"""

from __future__ import annotations

from torch import Tensor

from minbert.bert import BertOutput
from minbert.borrowed import borrowed
from minbert.errors import UserError
from minbert.sharing import SharedEncoder


def encode_for_all(shared: SharedEncoder, embeddings: Tensor, attention_mask: Tensor | None = None) -> dict[str, BertOutput]:
    """Every task's `encode` of the same embeddings (B, T, C), without states of single layers: task name -> `BertOutput`.

    Equal to `shared.of(task).encode(...)`, bit for bit in eval mode; in train mode all tasks see the same dropout in the shared layers.
    Raises `UserError` where nothing is shared to begin with, and for encoders side by side.
    """
    if shared.sharing.own_embeddings or shared.sharing.companion != "none":
        raise UserError(f"{shared.sharing} has no common trunk to walk once: call of(task).encode for each task.")
    trunk = borrowed(shared.bert, shared.bert.layers[: shared.first_own])
    last = embeddings
    for step in trunk.walk(embeddings, attention_mask):
        last = step.output  # (B, T, C)
    paths = {task: shared.of(task).parts[0] for task in shared.towers}
    tops = {task: borrowed(path, path.layers[shared.first_own :]) for task, path in paths.items()}
    return {task: top.encode(last, attention_mask, keep_states=False) for task, top in tops.items()}
