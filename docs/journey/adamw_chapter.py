"""AdamW's part of the story: the step count kept in the wrong place, a return inside the loop, and a switch that does nothing."""

from __future__ import annotations

from journey.steps import Change, Chapter, Step, Write, check

FILE = "optim/adamw.py"
STEP = """
loss = None
if closure is not None:
    with torch.enable_grad():
        loss = closure()
self.steps = getattr(self, "steps", 0) + 1
for group in self.param_groups:
    for parameter in group["params"]:
        if parameter.grad is None:
            continue
        state = self.state[parameter]
        if not state:
            state["mean"] = torch.zeros_like(parameter)
            state["square"] = torch.zeros_like(parameter)
        update = FORMS[group["form"]]
        update(parameter, parameter.grad, state["mean"], state["square"], self.steps, *(group[name] for name in SETTINGS))
        return loss
"""
CORRECTIONS = "return 1 - betas[0] ** step, 1 - betas[1] ** step"
ZEROS = '                    state["mean"] = torch.zeros_like(parameter)\n'
UPDATE = '                update = FORMS[group["form"]]\n'

ADAMW = Chapter("7. adamw: all the classics", (
    Step("The two formulas are short. `step` is a loop over groups and parameters.",
         (Write("adamw", "moving_averages"), Write("adamw", "bias_corrections", CORRECTIONS), Write("adamw", "course_update"), Write("adamw", "torch_update"),
          Write("adamw", "AdamW.step", STEP)), check("adamw"), "adamw", "wrong", ("state-not-saved",)),
    Step("Again three mistakes at once, too many for a full answer. But one fact needs no list: this optimizer was saved and loaded, and then it did not go on as it would have. m and v are in "
         "`self.state`; t is kept on the optimizer itself, where `state_dict` does not look. (Besides, it is *one* t for all parameters.)",
         (Change(FILE, '        self.steps = getattr(self, "steps", 0) + 1\n', ""), Change(FILE, ZEROS, '                    state["step"] = 0\n' + ZEROS),
          Change(FILE, UPDATE, '                state["step"] += 1\n' + UPDATE), Change(FILE, 'state["square"], self.steps, *(', 'state["square"], state["step"], *(')),
         check("adamw"), "adamw", "wrong", ("correct-bias-ignored", "first-parameter-only")),
    Step("The `return` stands inside both loops, and so ends them after the first parameter. A test with one parameter, as the course's own is, cannot see that.",
         (Change(FILE, "                return loss\n", "        return loss\n"),), check("adamw"), "adamw", "wrong", ("correct-bias-ignored",)),
    Step("\"An error in a rare setting\": training goes well as long as nobody sets `correct_bias=False`. 52 of 80 real optimizers did the same or stopped.",
         (Change(FILE, "    " + CORRECTIONS, "    if not correct_bias:\n        return 1.0, 1.0\n    " + CORRECTIONS),), check("adamw"), "adamw"),
))  # fmt: skip
