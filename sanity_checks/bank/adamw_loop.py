"""What is said about wrong loops of AdamW: which parameters move, with which settings, what is kept for the next step, closures."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
WALK = (
    "Look at the two loops of step, and at what stands inside which.",
    "For every group, for every parameter with a gradient: one update.",
    "The update belongs inside both loops, and the return behind both of them.")
SETTINGS = (
    "Look at where the update reads lr, betas, eps and weight_decay.",
    "Every group has settings of its own, and a schedule changes them during training.",
    "Read each setting, at each step, from the group that is being walked through.")
COUNT = (
    "Look at where the step number t is kept and counted.",
    "t starts at 0, and each parameter counts its own updates: t <- t + 1, then c1 = 1 - b1^t.",
    "Keep the count in the state of this parameter, beside m and v, and add one before it is used.")
STATE = (
    "Look at where m, v and t come from at the start of an update and where they go at its end.",
    "m_t is made of m_(t-1): what one step leaves behind, the next one finds.",
    "Read from self.state of this very parameter, and write there what changed.")
GRADIENT = (
    "Look at everything in step that touches the gradient.",
    "g is what backward left: the step reads it and leaves it.",
    "Compute new tensors from the gradient; never write to it.")
MISSING = (
    "Look at what happens to a parameter whose gradient is None.",
    "No gradient: theta, m, v and t all stay.",
    "Go on with the next parameter before anything of this one is touched.")
WRITE = (
    "Look at the line that moves the parameter.",
    "theta <- theta - alpha_t m / (sqrt(v) + eps).",
    "Each call writes into the parameter's own data exactly once.")
CLOSURE = (
    "Look at the lines about the closure at the top of step.",
    "loss = closure(), once, with gradients on, before anything moves; step returns that loss.",
    "Under no_grad the call needs torch.enable_grad() around it, and its result is what step returns.")
SWITCH = (
    "Look at every place that reads correct_bias.",
    "With correct_bias the step size is lr sqrt(1 - b2^t) / (1 - b1^t); without it, it is lr.",
    "Give the step size its plain value first, and change it only when correct_bias is on.")

OWN = "Each group has its own settings."
EACH = "Each parameter has its own step count, in its own state."

LOOP = {
    "first-parameter-only": Mistake("Only the first parameter is updated.", "Look at the indentation of return: it ends the loop.", *WALK, seen=2),
    "first-group-only": Mistake("Only the first group of parameters is updated.", "Look at the indentation of return: it ends the outer loop.", *WALK),
    "first-of-each-group-only": Mistake("Only the first parameter of each group is updated.", "Something ends the inner loop after one round.", *WALK),
    "whole-update-twice": Mistake("Every call does the whole update twice: averages, count and step.", "Is the update there twice, perhaps after a merge?", *WALK, seen=1),
    "settings-of-first-group": Mistake("Every group is updated with the settings of the first.", OWN, *SETTINGS),
    "settings-of-constructor": Mistake("The settings given to the constructor are used, not those of the group.", OWN, *SETTINGS),
    "rate-of-first-group": Mistake("Every group is updated with the learning rate of the first.", OWN, *SETTINGS),
    "betas-fixed": Mistake("The betas are always 0.9 and 0.999, whatever was asked for.", "Use the betas of the group.", *SETTINGS),
    "betas-swapped": Mistake("The two betas are swapped.", "The first belongs to m, the second to v: check the order in which they are unpacked.", *SETTINGS),
    "epsilon-fixed": Mistake("Epsilon is always 1e-6, whatever was asked for.", "Use the eps of the group.", *SETTINGS),
    "corrected-rate-kept": Mistake("The corrected step size is written back to the group's lr, so that it shrinks from parameter to parameter and step to step.",
                                   "Leave lr as it is; give the step size a name of its own.", *SETTINGS),
    "decay-for-matrices-only": Mistake("Weight decay leaves out parameters with one dimension.", "Which parameters decay is for the groups to say.", *SETTINGS),
    "step-count-shared": Mistake("One step count, kept on the optimizer, serves all parameters.", EACH, *COUNT, seen=4),
    "step-count-per-parameter": Mistake("The step count is kept on the optimizer and grows once per parameter, so it runs too fast.", EACH, *COUNT, seen=4),
    "step-count-in-group": Mistake("One step count serves a whole group.", EACH, *COUNT),
    "step-not-kept": Mistake("The step number is 1 at every step.", "The count has to be stored.", *COUNT, seen=1),
    "step-starts-at-two": Mistake("The first step is counted as the second.", "The first step is t = 1.", *COUNT),
    "mean-not-kept": Mistake("m is not stored: it starts from 0 at every step.", "The first step is right, because m does start at 0.", *STATE, seen=2),
    "square-not-kept": Mistake("v is not stored: it starts from 0 at every step.", "The first step is right, because v does start at 0.", *STATE, seen=2),
    "state-not-kept": Mistake("Nothing is stored: every step is a first step.", "m, v and t have to reach the next step.", *STATE, seen=2),
    "state-by-shape": Mistake("Parameters of the same shape share m, v and t.", "Use the parameter itself as the key.", *STATE),
    "state-not-saved": Mistake("m, v or t is lost when the optimizer is saved and loaded.", "Only what is in self.state gets into state_dict.", *STATE, seen=2,
                               fact="saving and loading changes nothing"),
    "state-in-float32": Mistake("m and v are float32 whatever the parameter is. It matters only for parameters of another type.",
                                "Make them like the parameter: same type, same device.", *STATE, severity="option", seen=4),
    "averages-start-at-gradient": Mistake("m and v start at the first gradient instead of 0.", "The bias correction is made for averages that start at 0.", *STATE),
    "first-step-only-prepares": Mistake("The first call only creates m and v and moves nothing.", "The update has to follow the creation, not replace it.", *STATE, seen=2),
    "update-not-written": Mistake("The parameter never moves.", "The new value is computed but does not reach the parameter.", *WRITE),
    "gradient-clipped": Mistake("The gradient is scaled down to norm 1 inside the optimizer.", "Clipping belongs to the training loop.", *GRADIENT, seen=1),
    "gradient-cleared": Mistake("The step removes the gradient.", "Clearing gradients is zero_grad's work.", *GRADIENT),
    "missing-gradient-ends-loop": Mistake("A parameter without a gradient ends the loop, so those after it do not move.", "Skip that one only.", *MISSING),
    "missing-gradient-is-zero": Mistake("A missing gradient is treated as zeros.", "Then m, v and decay still move a parameter that took no part.", *MISSING),
    "missing-gradient-decays": Mistake("A parameter without a gradient decays all the same.", "A parameter that took no part stays as it is.", *MISSING),
    "correct-bias-off-skips": Mistake("With correct_bias=False nothing is updated at all.", "With False the step size is just lr.", *SWITCH, severity="option"),
    "closure-without-gradients": Mistake("The closure is called with gradients off, so it cannot call backward.", "no_grad on step covers the closure too.",
                                         *CLOSURE, severity="option", seen=2),
    "closure-ignored": Mistake("step ignores its closure.", "A closure has to be called.", *CLOSURE, severity="option"),
    "closure-loss-lost": Mistake("step(closure) does not return the loss.", "Whoever passes a closure wants its loss back.", *CLOSURE, severity="option"),
    "closure-twice": Mistake("step calls its closure twice.", "One call computes one loss.", *CLOSURE, severity="option"),
}  # fmt: skip
