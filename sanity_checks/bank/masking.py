"""What is said about the mistakes of masking."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
COIN = ("In masking, each_word.", "A word is chosen with probability `rate`.", "Each has its own uniform number.")
COUNT = ("In masking, by_count and what it is given.", "min(most, round(rate * length)) words, the length with [CLS] and [SEP] and without padding; none twice.",
         "The words with the smallest numbers are chosen: a word's rank decides, counted from 0.")
WHO = ("In masking, mask_words and special_ids.", "Only words are chosen, at least one in every text that has one.", "Special tokens get numbers behind those of every word, and are taken out once more in the end.")
FATE = ("In masking, the part of mask_words about fates.", "Of the chosen words 80% become [MASK], 10% a random word, 10% stay: one uniform number u decides.",
        "u below the first share, between it and the sum of both, above.")
WORD = ("In masking, the part of mask_words about random words.", "A random word is any word, each as likely, drawn for every place anew.", "Draw numbers of candidates, as many as there are places.")
ASKED = ("In masking, the last line of mask_words.", "The label of a chosen place is the id that stood there, whatever its fate; of every other place it is -100.", "Labels come from the ids as they were given.")
CHANCE = ("In masking, the draws of mask_words.", "Every mask is drawn anew from the generator that is given.", "Hand the generator to every draw.")
KEPT = ("In masking, static_masks.", "A text's mask follows from the seed, the text's place in its split and the copy, which is the epoch modulo the copies.",
        "The name of the generator is made of these three; padding takes no part.")

SPECIAL = "There is nothing to guess at special places."
FOUR = "Four ends of two intervals: look at each."
EVERY = "Dropping the text's own numbers into a batch must change nothing."
MISTAKES: dict[str, Mistake] = {
    "rate-fixed": Mistake("The rate is always .15, whatever is asked for.", "Use the setting.", *COIN),
    "rate-inverted": Mistake("All words but a share of `rate` are chosen.", "Look at the comparison.", *COIN),
    "count-rounded-down": Mistake("The number of words is rounded down.", "Round to the nearest.", *COUNT, severity="option"),
    "count-rounded-up": Mistake("The number of words is rounded up.", "Round to the nearest.", *COUNT, severity="option"),
    "count-without-limit": Mistake("There is no upper limit to the words of a text.", "`most` is the limit.", *COUNT, severity="option"),
    "count-of-the-longest": Mistake("All texts of a batch are counted as long as the longest.", "Each text has a length of its own.", *COUNT, severity="option"),
    "count-by-places": Mistake("The order of the words is compared with the number instead of each word's rank.", "Sorting places gives an order; sorting that gives ranks.", *COUNT, severity="option"),
    "count-of-the-largest": Mistake("The largest numbers win, and those are the special tokens'.", "The smallest win.", *COUNT, severity="option"),
    "count-with-padding": Mistake("Padding is counted into the length of a text.", EVERY, *COUNT, severity="option"),
    "count-of-words": Mistake("The length is counted without [CLS] and [SEP].", "Google's code counts them.", *COUNT, severity="option"),
    "no-text-guarded": Mistake("A short text may have no chosen word, and a batch of such texts has no loss but NaN.", "Choose one where no coin came up.", *WHO),
    "special-token-of-an-empty-text": Mistake("A text without words gets a special token masked.", SPECIAL, *WHO),
    "cls-chosen": Mistake("[CLS] can be chosen.", SPECIAL, *WHO),
    "sep-chosen": Mistake("[SEP] can be chosen.", SPECIAL, *WHO),
    "padding-chosen": Mistake("Padding can be chosen, so most of the loss is about nothing.", SPECIAL, *WHO),
    "unknown-words-chosen": Mistake("[UNK] can be chosen: the model learns to answer that it does not know.", "A word that the vocabulary lacks cannot be guessed.", *WHO),
    "all-masked": Mistake("Every chosen word becomes [MASK]: 100 / 0 / 0 instead of 80 / 10 / 10.", FOUR, *FATE),
    "none-replaced": Mistake("No word becomes a random one: what should is left as it is.", FOUR, *FATE),
    "none-kept": Mistake("No chosen word stays: all that is not masked becomes a random word.", FOUR, *FATE),
    "replaced-of-the-masked": Mistake("Random words take the place of masks: the two intervals overlap.", FOUR, *FATE),
    "replaced-of-the-rest": Mistake("A tenth of the rest becomes random, which is a fiftieth of the chosen.", "Shares are of all chosen words.", *FATE),
    "replaced-anywhere": Mistake("Words that were not chosen become random ones too.", "Only chosen words change.", *FATE),
    "masked-and-replaced-exchanged": Mistake("The shares of [MASK] and of random words are exchanged.", FOUR, *FATE),
    "mask-is-unknown-word": Mistake("Words become [UNK] instead of [MASK].", "Look at the id that is put in.", *FATE),
    "one-fate-for-a-text": Mistake("All chosen words of a text have the same fate.", "Draw one number for every place.", *FATE),
    "one-word-for-all": Mistake("One random word is put in everywhere.", "Look at the shape of the draw.", *WORD),
    "replaced-by-neighbours": Mistake("Other words of the same text are put in instead of random ones.", "Any word of the vocabulary may come.", *WORD),
    "special-tokens-put-in": Mistake("Random words may be special tokens, as where Google draws from the whole vocabulary.", "Nothing has to change.", *WORD, severity="note"),
    "all-words-asked": Mistake("Every word is asked for, chosen or not: most answers can be read off.", "Look at which places get a label.", *ASKED),
    "everything-asked": Mistake("Every place is asked for, special tokens and padding among them.", "Look at which places get a label.", *ASKED),
    "others-asked": Mistake("The words that were not chosen are asked for.", "Look at the sign of the condition.", *ASKED),
    "kept-not-asked": Mistake("Chosen words that stay are not asked for.", "All three fates have a label.", *ASKED),
    "masked-only-asked": Mistake("Only masked words are asked for.", "All three fates have a label.", *ASKED),
    "answer-is-the-mask": Mistake("Labels come from the masked text, so the right answer is [MASK].", "Labels come from before.", *ASKED),
    "padding-for-nothing-asked": Mistake("Places without a question have label 0, which is a word, instead of -100.", "Which label does the loss leave out?", *ASKED),
    "changed-in-place": Mistake("The ids of the caller are changed, so the next epoch starts from masked text.", "Look for a method with an underscore at its end.", *ASKED),
    "one-mask-for-ever": Mistake("Every call draws the same mask: one for the whole training.", "A generator is made or seeded inside.", *CHANCE),
    "global-generator": Mistake("A draw uses the global random numbers, so a run cannot be repeated.", "Look for a draw without generator.", *CHANCE),
    "kept-mask-never-changes": Mistake("A text has one mask in all epochs instead of several copies.", "The copy has to come in.", *KEPT),
    "kept-mask-always-new": Mistake("The copies never come round again: masks are dynamic after all.", "Look at what the epoch becomes.", *KEPT),
    "kept-mask-of-no-text": Mistake("All texts get the same mask.", "The place of the text has to come in.", *KEPT),
    "kept-mask-of-the-batch": Mistake("A text's mask depends on where in the batch it stands.", EVERY, *KEPT),
    "kept-mask-without-seed": Mistake("The seed of the run plays no part in the masks.", "The seed has to come in.", *KEPT),
    "kept-mask-with-padding": Mistake("A text's mask depends on its padding, and so on its neighbours.", EVERY, *KEPT),
    "kept-labels-shifted": Mistake("Labels do not stand at the places that were chosen.", "Ids and labels go to the same places.", *KEPT),
}  # fmt: skip
