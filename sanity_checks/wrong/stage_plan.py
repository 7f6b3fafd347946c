"""Wrong and rewritten versions of a plan of stages and of the best weights; what is said about each is in bank/stage_plan.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

LOG = "        self.log.append((steps, float(score)))\n"
EXPECT = "        stage = self._expect(steps, score)\n"
BEST = "is_best, rises = score > self._best, score > self._mark + stage.min_delta"
COUNT = "self._taken, self._waited = self._taken + steps, 0 if rises else self._waited + 1"
MARKS = "self._best, self._mark = max(self._best, score), score if rises else self._mark"
WHY = 'why = "plateau" if self._waited >= stage.patience else "budget" if self.steps_left == 0 else ""'
LAST = 'return Decision(stage.name, "advance" if self.stage else "finish", is_best, stage.restore == "best" and not is_best, why)'
RESET = "        self._taken, self._waited = 0, 0\n"
FORGET = "        self._best = self._mark = -math.inf\n"
FINITE = "if not math.isfinite(score):"
BUDGET = "if not 1 <= steps <= self.steps_left:"
LEFT = "return math.inf if self.stage.steps is None else self.stage.steps - self._taken"
REPLAY = '        replay(fresh, state["log"])\n'
UPDATE = "self.__dict__.update(fresh.__dict__)"
OTHER = "            if saved != own:"
STATE = '"log": [list(entry) for entry in self.log]'

IS_BEST = "        if decision.is_best:\n            self.keep(model)\n"
PUT = "        if decision.restore:\n            self.put_back(model)\n"
KEEP = "self.tensors = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}"
COPY = "tensor.copy_(self.tensors[name])"
NONE = "if not self.tensors:"
SAVED = "return dict(self.tensors)"
LOAD = "self.tensors = {name: tensor.clone() for name, tensor in state.items()}"


def _plan(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.stage_plan", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _kept(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.best_weights", old, new) for old, new in zip(changes[::2], changes[1::2]))


WRONG = {
    "rise-of-exactly-min-delta-counts": _plan(BEST, BEST.replace("score > self._mark +", "score >= self._mark +")),
    "min-delta-ignored": _plan(BEST, BEST.replace(" + stage.min_delta", "")),
    "min-delta-subtracted": _plan(BEST, BEST.replace("+ stage", "- stage")),
    "small-rises-count-as-none": _plan(MARKS, "self._best = self._mark = max(self._best, score)"),
    "plateau-from-the-score-before": _plan(MARKS, "self._best, self._mark = max(self._best, score), score"),
    "lower-is-better": _plan(EXPECT, EXPECT + "        score = -score\n"),
    "equal-score-is-a-new-best": _plan(BEST, BEST.replace("score > self._best", "score >= self._best")),
    "best-needs-min-delta": _plan(BEST, "is_best = rises = score > self._mark + stage.min_delta"),
    "best-compared-with-the-score-before": _plan(MARKS, "self._best, self._mark = score, score if rises else self._mark"),
    "patience-one-too-long": _plan(WHY, WHY.replace("self._waited >= ", "self._waited > ")),
    "patience-one-too-short": _plan(WHY, WHY.replace("self._waited >= ", "self._waited + 1 >= ")),
    "patience-never-renewed": _plan(COUNT, COUNT.replace("0 if rises else self._waited + 1", "self._waited + (not rises)")),
    "patience-ignored": _plan(WHY, 'why = "budget" if self.steps_left == 0 else ""'),
    "patience-in-steps": _plan(COUNT, COUNT.replace("self._waited + 1", "self._waited + steps")),
    "budget-ignored": _plan(WHY, 'why = "plateau" if self._waited >= stage.patience else ""', BUDGET, "if steps < 1:"),
    "budget-in-scores": _plan(COUNT, COUNT.replace("self._taken + steps", "self._taken + 1")),
    "budget-one-step-short": _plan(WHY, WHY.replace("self.steps_left == 0", "self.steps_left <= 10")),
    "budget-not-renewed": _plan(RESET, "        self._taken, self._waited = getattr(self, '_taken', 0), 0\n"),
    "best-carried-over": _plan(FORGET, "        self._best = self._mark = getattr(self, '_best', -math.inf)\n"),
    "restored-from-the-last": _plan(LAST, LAST.replace('stage.restore == "best" and not is_best', "False")),
    "restore-ignored": _plan(LAST, LAST.replace('stage.restore == "best" and not', "not")),
    "restored-on-a-plateau-alone": _plan(LAST, LAST.replace("not is_best, why", 'not is_best and why == "plateau", why')),
    "restored-after-every-fall": _plan('is_best, restore=False)', 'is_best, restore=stage.restore == "best" and not is_best)'),
    "last-stage-advances": _plan(LAST, LAST.replace('"advance" if self.stage else "finish"', '"advance"')),
    "decision-named-after-the-next-stage": _plan(LAST, LAST.replace("Decision(stage.name", "Decision((self.stage or stage).name")),
    "log-without-the-last": _plan(STATE, STATE.replace("in self.log]", "in self.log[:-1]]")),
    "log-not-replayed": _plan(REPLAY, ""),
    "log-alone-restored": _plan(UPDATE, "self.log = fresh.log"),
    "another-plan-accepted": _plan(OTHER, "            if False:"),
    "refused-scores-remembered": _plan(EXPECT + LOG, LOG + EXPECT),
    "scores-that-are-no-numbers-accepted": _plan(FINITE, "if False:"),
    "live-weights-kept": _kept(KEEP, "self.tensors = dict(model.state_dict())"),
    "buffers-forgotten": _kept(KEEP, KEEP.replace("model.state_dict().items()", "model.named_parameters()"), COPY, "tensor.copy_(self.tensors.get(name, tensor))"),
    "every-score-kept": _kept(IS_BEST, "        self.keep(model)\n"),
    "first-score-kept-alone": _kept(IS_BEST, IS_BEST.replace("decision.is_best", "decision.is_best and not self.tensors")),
    "never-put-back": _kept(PUT, ""),
    "put-back-before-keeping": _kept(IS_BEST + PUT, PUT + IS_BEST),
    "put-back-all-the-time": _kept(PUT, PUT.replace("if decision.restore:", "if not decision.is_best:")),
    "kept-weights-not-saved": _kept(SAVED, "return {}"),
    "kept-weights-not-loaded": _kept(LOAD, "pass"),
}  # fmt: skip

RIGHT = {
    "the rise as a difference": _plan(BEST, "is_best, rises = score > self._best, score - stage.min_delta > self._mark"),
    "marks with if": _plan(MARKS, "if rises:\n            self._mark = score\n        if is_best:\n            self._best = score"),
    "patience counted down": _plan(WHY, 'why = "plateau" if stage.patience - self._waited <= 0 else "budget" if not self.steps_left else ""'),
    "weights by deepcopy": _kept(KEEP, "from copy import deepcopy\n        self.tensors = deepcopy(model.state_dict())"),
    "put back by load_state_dict": _kept("            for name, tensor in model.state_dict().items():\n                " + COPY, "            model.load_state_dict(self.tensors)"),
}
