"""What is said about the mistakes of training exits; those of the learned certainty are in bank/exit_training_certainty.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.exit_training_certainty import CERTAINTY

# Three hints a topic: where, equation, line.
WEIGHTS = ("In exit_weights, RULES and exit_weights.", "joint 1 / n; weighted i / (n (n + 1) / 2), i from 1 at the bottom; final 1 for exit n; summed, joint and alternating have weights of 1.",
           "They sum to 1, unless a sum is asked for; the weighted ones have their own scale either way.")
SUM = ("In exit_weights, combine_losses.", "sum over i of w_i L_i, over the exits whose weight is not 0.", "What does not count is left out, not multiplied by 0: then its weights get no gradient, which zeros would be.")
STEP = ("In exit_training, exit_step and ExitStep.", "Two stages: the first `first_stage` steps train exit n alone; later ones exits 1 to n - 1, equally, and nothing but heads learns.",
        "A step is told from the number of steps taken before it, 0 or more; exits are numbered from 1.")
TURN = ("In alternating, Alternating.at.", "Odd steps train the final exit, even ones all; steps count from 1 over the whole run. SMART acts on final-only steps, on even ones, on all or on none.",
        "The step that comes after s steps has the number s + 1, in every epoch.")

STEPS = "Write down who counts in steps 1 to 8."
MISTAKES: dict[str, Mistake] = {
    "weights-from-the-top": Mistake("The lowest exit weighs most.", "Put in two exits.", *WEIGHTS),
    "weights-from-0": Mistake("Weights count from 0: the lowest exit never learns.", "Put in two exits.", *WEIGHTS),
    "weights-squared": Mistake("Weights grow with the square of the layer.", "Put in two exits.", *WEIGHTS),
    "weights-are-equal": Mistake("Weighted exits weigh the same.", "Put in two exits.", *WEIGHTS),
    "weights-not-divided": Mistake("Weights are layer numbers, which sum to far more than 1.", "What do they sum to?", *WEIGHTS),
    "weights-over-the-largest": Mistake("Weights are divided by the number of exits instead of by their sum.", "What do they sum to?", *WEIGHTS),
    "weights-over-n-n-minus-1": Mistake("Weights are divided by n (n - 1) / 2.", "What do they sum to?", *WEIGHTS),
    "always-summed": Mistake("Losses are summed where a mean is asked for, so the rate means another thing at each depth.", "What do the weights sum to?", *WEIGHTS),
    "always-averaged": Mistake("Losses are averaged where a sum is asked for.", "What do the weights sum to?", *WEIGHTS, severity="option"),
    "joint-without-the-last": Mistake("Joint training leaves the last exit out.", "Whose weight is 0?", *WEIGHTS),
    "first-exit-for-the-last": Mistake("The final exit is taken to be the first.", "Whose weight is 1?", *WEIGHTS),
    "all-steps-without-the-last": Mistake("Steps over all exits leave out the last, as published code does with its learned certainty.", STEPS, *WEIGHTS),
    "weighted-in-turns": Mistake("Alternating steps over all exits weigh them by layer.", STEPS, *WEIGHTS),
    "zeros-for-no-gradient": Mistake("Losses that do not count are multiplied by 0: gradients of 0 instead of none, on which momentum and decay still act.", "Look at the gradients.", *SUM),
    "weights-ignored": Mistake("Losses are added without their weights.", "Put in different weights.", *SUM),
    "divided-twice": Mistake("The sum is divided by the number of exits once more.", "What do the weights sum to?", *SUM),
    "weights-meet-other-losses": Mistake("Once an exit is left out, weights meet the losses of other exits.", "Put in a weight of 0 that is not the last.", *SUM),
    "weights-in-reverse": Mistake("Weights meet losses in reverse order.", "Put in different weights.", *SUM),
    "missing-loss-accepted": Mistake("A loss that counts and is missing is left out without a word.", "Put in None.", *SUM, severity="option"),
    "exits-from-0": Mistake("Exits are numbered from 0, so others are asked than count.", "Who is asked for the last loss?", *STEP),
    "everyone-asked": Mistake("All exits are asked whatever their weight.", "Who is asked in step 1 of alternating training?", *STEP),
    "last-alone-asked": Mistake("Only the last exit is ever asked.", "Who is asked in joint training?", *STEP),
    "first-stage-too-long": Mistake("The first stage has one step too many.", "Put in the number of its steps.", *STEP),
    "first-stage-too-short": Mistake("The first stage has one step too few.", "Put in the number of its steps less one.", *STEP),
    "stages-exchanged": Mistake("The second stage comes first.", "Put in 0 steps.", *STEP),
    "second-stage-never-comes": Mistake("The second stage never begins.", "Put in many steps.", *STEP),
    "second-stage-moves-the-backbone": Mistake("In the second stage everything learns, so the exits move the encoder.", "Who learns?", *STEP),
    "second-stage-trains-the-last": Mistake("The second stage trains the last exit too.", "Who is asked?", *STEP),
    "second-stage-over-all-exits": Mistake("The second stage divides by all exits although one does not count.", "What do the weights sum to?", *STEP),
    "second-stage-weighted": Mistake("The second stage weighs exits by layer.", "Put in four exits.", *STEP),
    "second-stage-leaves-the-first-out": Mistake("The second stage leaves the lowest exit out.", "Who is asked?", *STEP),
    "reduce-not-handed-on": Mistake("The second stage averages where a sum is asked for.", "What do the weights sum to?", *STEP, severity="option"),
    "alternating-without-turns": Mistake("Alternating training trains all exits in every step.", STEPS, *STEP),
    "all-exits-first": Mistake("The first step trains all exits, every second one the last alone.", STEPS, *TURN),
    "steps-counted-afresh": Mistake("Steps are counted afresh every few steps, as published code does in every epoch: two equal turns meet at the edge.", STEPS, *TURN),
    "period-of-three": Mistake("All exits learn in every third step.", STEPS, *TURN),
    "turns-in-blocks": Mistake("Turns last two steps each.", STEPS, *TURN),
    "smart-on-all-exits": Mistake("SMART acts where all exits learn instead of where the final one does.", STEPS, *TURN),
    "smart-on-odd-steps": Mistake("SMART acts in odd steps where even ones are asked for.", STEPS, *TURN),
    "smart-in-every-step": Mistake("SMART acts in every step although it is asked for in some.", STEPS, *TURN),
    "final-exit-in-turns": Mistake("Turns are taken where the final exit alone is asked for.", STEPS, *TURN, severity="option"),
    "smart-costs-itself-and-a-step": Mistake("The cost of a step with SMART counts the plain step twice.", "What does a step cost in which SMART costs as much as a plain one?", *TURN, severity="option"),
    **CERTAINTY,
}  # fmt: skip
