"""What is said about mistakes in the way a batch leaves; a part of bank/exits.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
LOOP = ("In exit_inference, leave_early.", "After layer k: ask exit k, write the answers of those who leave, go on with the others. After layer L everybody leaves.",
        "Keep the places of those still there; whoever leaves writes there, and only then is the batch made smaller.")
SHRINK = ("In exit_inference, leave_early, where somebody has left.", "States, mask, places and what earlier exits said all lose the same rows; both sentences of a pair go together.",
          "One choice of examples, repeated for second sentences where there are pairs, is applied to everything.")
ONWARD = ("In exit_inference, leave_early, where the walk goes on.", "Those who stay after layer k go through layers k + 1 to L.", "Which entry of the paths starts above layer k?")
RULE = ("In exit_inference, LeavingEarly.", "The rule sees what the exits so far said, each divided by its own temperature; what comes out is what the exit said.",
        "Only what the rule sees is calibrated, and a certainty reads the newest features.")

WRITTEN = "Let one example of two leave."
LEAVING: dict[str, Mistake] = {
    "leaving-reads-the-layer-below": Mistake("While a batch leaves, exit k reads the states before layer k.", "Put in layers whose states tell which one they are.", *LOOP),
    "answers-in-the-places-left": Mistake("Answers are written to places in the batch that is left instead of the one that came in.", WRITTEN, *LOOP),
    "answers-from-the-front": Mistake("Who leaves gets the answers of the first rows.", WRITTEN, *LOOP),
    "who-left-is-computed-on": Mistake("Who has left is computed further: answers are right and nothing is saved.", "Count the rows that each layer computes.", *LOOP),
    "last-answer-for-all": Mistake("Nobody is dropped, and a later exit overwrites what was answered.", "Count the rows that each layer computes.", *LOOP),
    "all-wait-for-the-last": Mistake("Nobody leaves before the whole batch would.", WRITTEN, *LOOP),
    "all-leave-with-the-first": Mistake("The whole batch leaves as soon as one example would.", WRITTEN, *LOOP),
    "last-exit-asked": Mistake("The rule is asked after the last layer too, and whoever it keeps never answers.", "Who answers for somebody who is never sure?", *LOOP),
    "layers-from-0": Mistake("Layers are counted from 0.", "After which layer does somebody leave who leaves at once?", *LOOP),
    "layers-go-on-for-nobody": Mistake("When everybody has left, the layers above are still called.", "Let all leave at once.", *LOOP),
    "no-number-accepted": Mistake("Scores that are no numbers are accepted: no rule ever lets them go.", "Put in NaN.", *LOOP, severity="option"),
    "mask-not-compacted": Mistake("The mask keeps its first rows instead of those of the examples that stay.", "Let one in the middle leave.", *SHRINK),
    "halves-leave-apart": Mistake("Of pairs, neighbouring rows leave instead of the two sentences of a pair.", "Put in pairs of which one leaves.", *SHRINK),
    "second-sentences-from-the-end": Mistake("Second sentences are counted from the end, so those of other pairs leave.", "Put in pairs of which one leaves.", *SHRINK),
    "history-not-compacted": Mistake("What earlier exits said keeps its first rows, so patience compares different examples.", "Follow one example through two exits.", *SHRINK),
    "history-forgotten": Mistake("What earlier exits said is forgotten when somebody leaves, so patience starts again.", "Follow one example through two exits.", *SHRINK),
    "layer-computed-twice": Mistake("After somebody has left, the same layer is computed once more.", "Count the layers that are called.", *ONWARD),
    "walk-from-the-bottom": Mistake("After somebody has left, the walk begins again at the first layer.", "Count the layers that are called.", *ONWARD),
    "position-0-forgotten": Mistake("After somebody has left, the last layer computes every position where one would do.", "Follow the switch.", *ONWARD, severity="option"),
    "heat-multiplied": Mistake("Scores are multiplied by a temperature instead of divided.", "Put in a temperature above 1.", *RULE, severity="option"),
    "first-temperature-for-all": Mistake("The first exit's temperature is used for all.", "Put in different temperatures.", *RULE, severity="option"),
    "temperatures-from-the-top": Mistake("Temperatures are used from the top down.", "Put in different temperatures.", *RULE, severity="option"),
    "temperatures-ignored": Mistake("Temperatures change nothing.", "Put in a temperature above 1.", *RULE, severity="option"),
    "answers-calibrated-too": Mistake("What comes out is divided by the temperature too.", "Compare the answer with the exit's.", *RULE, severity="option"),
    "certainty-of-the-first-exit": Mistake("The learned certainty reads the features of the first exit.", "Which entry is the newest?", *RULE),
    "history-of-one": Mistake("The rule sees the newest exit alone, so patience never finds two that agree.", "What does patience read?", *RULE),
}  # fmt: skip
