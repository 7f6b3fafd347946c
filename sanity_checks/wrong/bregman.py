"""Wrong and rewritten versions of the Bregman term and its teacher; what is said about each is in bank/bregman.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "regularizers.bregman"
MOVE, COPY = "slow.lerp_(fast.to(slow.dtype), 1 - beta)", "slow.copy_(fast)"
SWITCH = "early if update < switch * total else late"
LIMITS = "if not 0 <= beta <= 1:"
SHARED = "if slow.data_ptr() == fast.data_ptr() and slow.numel():"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _term(new: str) -> tuple[Edit, ...]:
    return _edit("return distance(logits, teacher_logits.detach())", "return " + new)


def _momentum(new: str) -> tuple[Edit, ...]:
    return _edit("return " + SWITCH, "return " + new)


def _move(new: str) -> tuple[Edit, ...]:
    return _edit(MOVE, new)


WRONG = {
    "memory-rebound": _edit(MOVE + " if slow.is_floating_point() else " + COPY, "slow.data = (beta * slow + (1 - beta) * fast).to(slow.dtype) if slow.is_floating_point() else fast.clone()"),
    "teacher-not-detached": _term("distance(logits, teacher_logits)"),
    "student-detached": _term("distance(logits.detach(), teacher_logits)"),
    "both-detached": _term("distance(logits, teacher_logits).detach()"),
    "arguments-exchanged": _term("distance(teacher_logits.detach(), logits)"),
    "distance-to-itself": _term("distance(logits, logits.detach())"),
    "squared-instead-of-distance": _term("(logits - teacher_logits.detach()).square().mean()"),
    "softmax-before-distance": _term("distance(logits.softmax(-1), teacher_logits.detach().softmax(-1))"),
    "divided-twice": _term("distance(logits, teacher_logits.detach()) / len(logits)"),
    "beta-swapped": _move("slow.lerp_(fast.to(slow.dtype), beta)"),
    "beta-tenth": _move("slow.lerp_(fast.to(slow.dtype), 1 - beta / 10)"),
    "beta-fixed": _move("slow.lerp_(fast.to(slow.dtype), 1 - 0.99)"),
    "student-not-weighted": _move("slow.mul_(beta).add_(fast)"),
    "teacher-not-weighted": _move("slow.add_(fast, alpha=1 - beta)"),
    "not-written-back": _move("slow.lerp(fast.to(slow.dtype), 1 - beta)"),
    "copied": _move("slow.copy_(fast)"),
    "student-moves": _move("fast.data.lerp_(slow, 1 - beta)"),
    "both-move": _move("(slow.lerp_(fast, 1 - beta), fast.copy_(slow))"),
    "moves-away": _move("slow.lerp_(fast.to(slow.dtype), beta - 1)"),
    "averaged": _move("slow.add_(fast).div_(2)"),
    "first-tensor-only": _edit(f"{MOVE} if slow.is_floating_point() else {COPY}", f"{MOVE} if slow.is_floating_point() else {COPY}\n        return"),
    "aliased": _move("slow.set_(fast.detach()) if beta == 0 else " + MOVE),
    "aliased-always": _move("slow.set_(fast.detach())"),
    "graph-kept": _move("torch.enable_grad()(slow.lerp_)(fast.to(slow.dtype), 1 - beta)"),
    "whole-numbers-left": _edit(COPY, "None"),
    "whole-numbers-averaged": _edit(COPY, "slow.copy_(beta * slow + (1 - beta) * fast)"),
    "alias-accepted": _edit(SHARED, "if False:"),
    "empty-refused": _edit(SHARED, "if slow.data_ptr() == fast.data_ptr():"),
    "limits-not-checked": _edit(LIMITS, "if False:"),
    "lengths-not-checked": _edit("zip(teacher, student, strict=True)", "zip(teacher, student)"),
    "momentum-reversed": _momentum("late if update < switch * total else early"),
    "momentum-always-late": _momentum("late"),
    "momentum-always-early": _momentum("early"),
    "momentum-switch-by-number": _momentum("early if update < switch * 100 else late"),
    "momentum-switch-late": _momentum("early if update <= switch * total else late"),
    "momentum-gradual": _momentum("early + (late - early) * update / total"),
    "momentum-complement": _momentum(f"1 - ({SWITCH})"),
    "momentum-arguments-fixed": _momentum("0.99 if update < 0.1 * total else 0.999"),
}

RIGHT = {
    "written out": _edit(MOVE, "slow.copy_(beta * slow + (1 - beta) * fast)"),
    "multiplied, then added": _edit(MOVE, "slow.mul_(beta).add_(fast.to(slow.dtype), alpha=1 - beta)"),
    "through .data": _edit(MOVE, "slow.data.copy_(beta * slow.data + (1 - beta) * fast.data)"),
    "as a difference": _edit(MOVE, "slow.sub_((1 - beta) * (slow - fast))"),
    "a loop by number": (Edit(MODULE, "", """
        if beta < 0 or beta > 1 or len(teacher) != len(student):
            raise ValueError("no")
        for number in range(len(teacher)):
            if teacher[number] is student[number]:
                raise ValueError("shared")
            if teacher[number].is_floating_point():
                teacher[number].mul_(beta)
                teacher[number].add_((1 - beta) * student[number])
            else:
                teacher[number].copy_(student[number])
        """, body="follow"),),
    "the teacher's answer under no_grad": (Edit(MODULE, "", "with torch.no_grad():\n    constant = teacher_logits.clone()\nreturn distance(logits, constant)", body="bregman_term"),),
    "the teacher's answer through .data": _term("distance(logits, teacher_logits.data)"),
    "momentum: an if": (Edit(MODULE, "", "if update / total < switch:\n    return early\nreturn late", body="momentum"),),
    "momentum: a choice by number": _momentum("(late, early)[update < switch * total]"),
}  # fmt: skip
