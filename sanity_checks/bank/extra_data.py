"""What is said about the mistakes of extra training rows."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
MAP = ("In extra_data, _label and _mapped.", "A label of the file becomes what the map says; 1.0 in the file is 1 in the map; a label that is not there is refused.",
       "Look the label up, as it is written and as a number.")
RANGE = ("In extra_data, _scaled.", "From [low, high] in a line to [lowest, highest]: low goes to lowest, high to highest.", "Subtract, stretch, add; what is out of range is refused.")
ROWS = ("In extra_data, read_extra and _reason.", "Rows that are not asked for, dropped, unlabelled or empty are left out, and each is counted.", "One reason or none for every row, in this order; ids carry the table's name.")
SAME = ("In overlap, fingerprint.", "Letters and digits alone, in one case, a pair in one order, a border between its texts.", "Every text plain, all sorted, joined with something that no text holds.")
APART = ("In extra_data, _without_overlap.", "A row that dev or test has is refused, or left out where that is asked for.", "Look at overlap, then keep the others.")

TABLE = "Put each label of the file in."
ENDS = "Put both ends in."
REASON = "Look at the reasons, one by one."
PLAIN = "What makes two spellings equal?"
MISTAKES: dict[str, Mistake] = {
    "map-ignored": Mistake("The map of labels is not used.", TABLE, *MAP),
    "all-labels-one": Mistake("Every label becomes 1, whatever it was.", TABLE, *MAP),
    "labels-inverted": Mistake("Labels are turned round: the highest becomes the lowest.", TABLE, *MAP),
    "labels-by-number": Mistake("A label becomes its number in the map instead of what the map says.", TABLE, *MAP),
    "unknown-labels-are-zero": Mistake("A label that the map lacks becomes 0 instead of being refused.", TABLE, *MAP),
    "whole-numbers-not-found": Mistake("1.0 in the file is not found under 1 in the map.", TABLE, *MAP),
    "every-ignored": Mistake("The one label for all rows is not used.", "Look at what `every` becomes.", *MAP, severity="option"),
    "labels-not-shifted": Mistake("Labels are stretched but not shifted: the lowest does not become the lowest.", ENDS, *RANGE),
    "labels-not-stretched": Mistake("Labels are shifted but not stretched.", ENDS, *RANGE),
    "labels-divided-by-the-highest": Mistake("Labels are divided by the highest: the lowest does not become the lowest.", ENDS, *RANGE),
    "range-upside-down": Mistake("The highest label becomes the lowest.", ENDS, *RANGE),
    "labels-left-on-their-scale": Mistake("Labels stay on the file's scale.", ENDS, *RANGE),
    "labels-out-of-range-accepted": Mistake("A label outside of the file's range is accepted.", ENDS, *RANGE),
    "classes-as-decimals": Mistake("Class labels come as decimals instead of whole numbers.", "Which kind of task is it?", *MAP),
    "only-ignored": Mistake("Rows that were not asked for are read too.", REASON, *ROWS),
    "only-inverted": Mistake("Only the rows that were not asked for are read.", REASON, *ROWS),
    "drop-ignored": Mistake("Rows whose label is to be dropped are kept, with label 0.", REASON, *ROWS),
    "unlabelled-rows-are-zero": Mistake("Rows without a label are kept, with label 0.", REASON, *ROWS),
    "empty-texts-kept": Mistake("Rows with an empty text are kept.", REASON, *ROWS),
    "left-out-rows-not-counted": Mistake("Rows are left out without being counted.", REASON, *ROWS),
    "ids-of-lines": Mistake("Ids are line numbers alone, so they meet those of other files.", "What is in front of the line?", *ROWS),
    "first-text-twice": Mistake("The first text of a pair stands in both places.", "Look at the columns.", *ROWS),
    "order-of-a-pair-counts": Mistake("A pair in the other order is not recognised.", PLAIN, *SAME),
    "case-counts": Mistake("Texts in other cases are not recognised.", PLAIN, *SAME),
    "punctuation-counts": Mistake("Texts with other punctuation or spaces are not recognised.", PLAIN, *SAME),
    "first-text-alone-compared": Mistake("Only the first text of a pair is compared.", PLAIN, *SAME),
    "texts-run-together": Mistake("Texts of a pair run together, so pairs that are cut elsewhere count as the same.", PLAIN, *SAME),
    "empty-marks-are-equal": Mistake("All texts without letters count as the same.", PLAIN, *SAME, severity="option"),
    "overlap-never-refused": Mistake("Rows that dev or test has are not refused.", "Look at the condition.", *APART),
    "overlap-always-refused": Mistake("Rows that dev or test has are refused even where they are to be dropped.", "Look at the condition.", *APART),
    "overlap-kept": Mistake("Rows that dev or test has are counted and kept.", "Who is kept?", *APART),
    "only-overlap-kept": Mistake("Only the rows that dev or test has are kept.", "Who is kept?", *APART),
}  # fmt: skip
