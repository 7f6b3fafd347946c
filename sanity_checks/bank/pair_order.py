"""What is said about the mistakes of reading pairs in either order."""

from __future__ import annotations

from sanity_checks.bank import Mistake

IDS, BATCH, COINS, SCORES = "In encoding (encode_split, _assembled).", "In batching (collate).", "In streams (BatchStream).", "In evaluate (evaluate)."
CROSSED = "[CLS] a [SEP] b [SEP]: segment 0 up to the first [SEP], 1 on b and its [SEP]; the other way round it is b that has 0."
ROWS = "Each pair of a batch has its own order; ids and segments come from the same one. Siamese: all firsts above all seconds."
CHANCE = "One coin for each pair and epoch, from the stream's own generator."
MEAN = "score = (f(a, b) + f(b, a)) / 2, of raw scores, then the decision: the same for both orders."


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


_IDS = _of(IDS, CROSSED, {
    "segments-all-zero": ("Both sentences of a pair have segment 0, and what pretraining knows about pairs is not used.", "Look at the segments of a pair.", "b has 1."),
    "segments-all-one": ("Every token has segment 1.", "Look at the segments of a pair.", "The first sentence has 0."),
    "segments-inverted": ("Segments 0 and 1 are exchanged.", "Look at the segments of a pair.", "The first sentence has 0."),
    "second-order-is-the-first": ("The second order is the first once more.", "Look at what is turned.", "Exchange the two sentences."),
    "second-order-of-words": ("The words of each sentence are turned, not the sentences.", "Look at what is turned.", "Exchange the two sentences."),
    "second-order-with-old-segments": ("The sentences are exchanged and the segments are not, so the border lies in the middle of a sentence.", "Look at the segments of the second order.",
                                       "Make them anew."),
    "second-order-of-siamese-pairs": ("Siamese pairs get a second order too, which changes nothing but the work.", "Look at when a second order is made.", "Crossed pairs only.", "option"),
    "second-order-unasked": ("A second order is made though nobody asked for it, so pairs are read in either.", "Look at when a second order is made.", "Only when it is asked for."),
    "crossed-pairs-apart": ("Crossed pairs are encoded as two sequences.", "Look at how sentences are grouped.", "Both go into one sequence."),
    "siamese-pairs-joined": ("Siamese pairs are encoded as one sequence.", "Look at how sentences are grouped.", "Each gets its own."),
    "crossed-without-second": ("The second sentence of a crossed pair is left out.", "Look at how sentences are grouped.", "Both go into one sequence."),
})  # fmt: skip
_ROWS = _of(BATCH, ROWS, {
    "segments-of-the-other-order": ("The ids of a turned pair come with the segments of the pair as it was.", "Look at where the segments come from.", "From where the ids come."),
    "turned-ignored": ("No pair of a batch is ever turned.", "Look at whether the orders are used.", "Each pair asks its own."),
    "turned-inverted": ("Pairs that should be turned are not, and the others are.", "Look at the choice.", "True means turned."),
    "turned-all-together": ("One turned pair turns the whole batch.", "Look for any().", "Each pair has its own order."),
    "siamese-rows-alternate": ("Siamese rows alternate, first and second sentence in turn, and are later taken for all firsts above all seconds.", "Look at the order of the two loops.",
                               "All firsts come first."),
})  # fmt: skip
_COINS = _of(COINS, CHANCE, {
    "coin-never": ("Pairs are never turned.", "Look at the coin.", "Half of them are, on average."),
    "coin-always": ("Pairs are always turned.", "Look at the coin.", "Half of them are, on average."),
    "coin-for-all": ("One coin decides for the whole epoch.", "Look at how many coins are thrown.", "One for each pair."),
    "coin-for-a-batch": ("One coin decides for a whole batch.", "Look at how many coins are thrown.", "One for each pair."),
    "coin-once-and-for-all": ("Every epoch throws the same coins, so a pair is only ever read in one order.", "Look at the generator.", "New coins each epoch."),
    "coin-not-from-generator": ("The coins come from torch's global generator, so that a resumed run throws others.", "Look at the generator.", "Use the stream's own."),
    "coin-of-the-place": ("The place in the batch decides, not chance.", "Look at where the order comes from.", "Throw a coin."),
    "coin-loaded": ("Pairs are turned far too rarely.", "Look at the coin's probability.", "A half."),
})  # fmt: skip
_SCORES = _of(SCORES, MEAN, {
    "scores-second-order-ignored": ("Only the first order is scored.", "Look at the mean.", "Score both."),
    "scores-second-order-only": ("Only the second order is scored.", "Look at the mean.", "Score both."),
    "scores-added": ("The scores of both orders are added and not halved.", "Look at the mean.", "Divide by the two."),
    "scores-largest": ("The larger of the two scores is taken.", "Look at the mean.", "Add and halve."),
    "scores-difference": ("The difference of the two scores is taken.", "Look at the sign.", "Add and halve."),
    "scores-of-probabilities": ("Probabilities are averaged and then taken for raw scores.", "Look for a sigmoid.", "Average raw scores."),
    "scores-decided-first": ("Each order is decided first, and the decisions are averaged.", "Look at the order of mean and decision.", "Average first."),
    "scores-in-random-order": ("Chance decides which order is scored, so two evaluations differ.", "Look for a coin.", "Evaluation throws none."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _IDS | _ROWS | _COINS | _SCORES
