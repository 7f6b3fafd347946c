"""What is said about the mistakes of pairs that are embedded apart and read together, and of looking across."""

from __future__ import annotations

from sanity_checks.bank import Mistake

APART, ROWS, PATH, CROSS = ("In embedding_order (embed_then_join, join).", "In embedding_order (rows_to_embed, close_up, halves).", "In joined_path.", "In cross_embedding.")


def _of(where: str, rule: str, table: dict[str, tuple[str, ...]]) -> dict[str, Mistake]:
    """name -> (says, look, line[, severity]), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


PLACES, CLS, MASK, ORDER = "At which position does the second text begin?", "What becomes of the second [CLS]?", "What does the mask show?", "Which text comes first?"
_APART = _of(APART, "x = [embed(a) ; embed(b)], mask = [mask of a ; mask of b]: positions from 0 for both, segments 0 and 1, pads of a in the middle and hidden.", {
    "positions-go-on": ("The second text goes on counting where the first one ends: the standard order, and no other.", PLACES, "At 0."),
    "segment-of-the-first-for-both": ("Texts embedded apart both have segment 0, so words at the same position cannot be told apart.", "Which segment has the second text?", "1."),
    "second-cls-dropped-after-embedding": ("The second [CLS] is dropped after embedding, so the second text begins at position 1.", CLS, "It goes before positions are counted."),
    "first-cls-dropped-instead": ("The first [CLS] is dropped, which the pooled vector is read from.", CLS, "Only the second goes."),
    "mask-of-the-first-alone": ("The mask hides pads of the first text alone.", MASK, "The words of both."),
    "mask-of-the-second-alone": ("Pads between the two texts are not masked.", MASK, "The words of both."),
    "mask-from-the-lengths": ("The mask is made anew from the two lengths, so it shows pads in the middle and hides the end.", MASK, "The words where they stand."),
    "second-before-first": ("The second text stands before the first.", ORDER, "The first, its mask too."),
    "second-before-first-with-the-old-mask": ("The second text stands before the first, and the mask does not.", ORDER, "The first, its mask too."),
})  # fmt: skip
SEGMENT, CLOSE = "Which segment has which text?", "What moves when pairs are closed up?"
_ROWS = _of(ROWS, "Rows: all first texts above all second ones; ids, mask and segments of the second half change. Closed up: words keep their order, and the mask moves along.", {
    "second-cls-kept-and-dropped-exchanged": ("The second [CLS] is dropped where it is to be kept, and the other way round.", CLS, "As it is asked for."),
    "last-token-hidden-for-the-cls": ("The [CLS] stays, and the last token of the second text is hidden in its place.", CLS, "Ids move with the mask."),
    "dropped-cls-comes-back-at-the-end": ("The mask does not move with the ids, so it shows one place too many.", CLS, "Ids move with the mask."),
    "segments-all-zero": ("Both texts have segment 0, so words at the same position cannot be told apart.", SEGMENT, "0 the first, 1 the second."),
    "segments-exchanged": ("The first text has segment 1, and the second 0.", SEGMENT, "0 the first, 1 the second."),
    "segments-all-one": ("Both texts have segment 1.", SEGMENT, "0 the first, 1 the second."),
    "segments-never-zero": ("The second text has segment 1 even where 0 is asked for.", SEGMENT, "As it is asked for.", "option"),
    "cut-to-the-shortest-pair": ("Pairs are cut to the shortest of the batch.", CLOSE, "The longest decides."),
    "tokens-turned-round": ("Words come out in the opposite order, so [CLS] is not the first.", CLOSE, "Words keep their order."),
    "mask-stays-when-pairs-close-up": ("Words move over the pads, and the mask stays where it was.", CLOSE, "The mask moves along."),
    "neighbours-taken-for-pairs": ("Rows that follow each other are taken for a pair.", "Where is the partner of a row?", "Half a batch below."),
})  # fmt: skip
WHOSE = "Whose segments are read?"
_PATH = _of(PATH, "rows -> ids, mask and segments of joining -> embeddings (R, T, C) -> pairs (B, T', C) and their mask, closed up; texts of one go the usual way.", {
    "types-of-the-batch": ("The segments of the batch are read, which are 0 for texts tokenised apart.", WHOSE, "Those of joining."),
    "positions-go-on-in-rows": ("Ids are joined before they are embedded, pads in the middle too, so positions go on.", "What is joined: ids or embeddings?", "Embeddings."),
    "second-cls-embedded-all-the-same": ("Ids are embedded with the second [CLS] that is to be dropped.", "Which ids are embedded?", "Those of joining."),
    "point-ignored": ("Embeddings are always the finished ones, at whatever point they are asked for.", "What is handed on?", "The point too.", "option"),
    "onward-by-the-types-of-the-batch": ("From a point on, the segments of the batch are read.", WHOSE, "Those of joining.", "option"),
    "normalised-twice": ("Joined embeddings are normalised once more.", "What happens to embeddings that are joined?", "Nothing."),
    "pads-left-in-the-middle": ("Pads stay in the middle; hidden by the mask they change no answer and cost time.", "Is the pair closed up?", "It may be.", "note"),
    "mask-of-rows-for-pairs": ("The mask of rows is taken for that of pairs.", "Which mask fits the states?", "That of the pairs."),
    "texts-of-one-joined-too": ("Tasks of one text join neighbours in a batch.", "Which tasks have pairs?", "Only they join."),
    "joined-unasked": ("Pairs are joined though the settings want something else.", "What do the settings say?", "Join when they say so."),
    "settings-of-joining-ignored": ("The settings of segments and [CLS] are not handed on.", "What do the settings say?", "Both are theirs."),
})  # fmt: skip
POOL, LOOKS, BEGIN = "Over which tokens?", "Who asks whom, and what is hidden?", "How does it begin?"
_CROSS = _of(CROSS, "joined: pool(encode([a ; b])); features: [u; v; |u - v|; u v]; attention: u = mean(A + Attend(A, B)) over the words of a, pads of b hidden, and the same for v.", {
    "pooled-over-the-first-alone": ("A joined pair is pooled over its first text alone.", POOL, "The words of both."),
    "pooled-over-pads": ("A joined pair is pooled over its pads too.", POOL, "The words of both."),
    "pads-read-by-the-encoder": ("The encoder reads a joined pair without its mask.", "What does the encoder get?", "Pair and mask."),
    "features-without-product": ("The product is missing from the features of two vectors.", "Which features are there?", "Four parts."),
    "asks-with-the-partner": ("Queries and keys are exchanged: the partner asks, and what it finds is added to the wrong text.", LOOKS, "Each text asks its partner."),
    "looks-at-itself": ("Each text looks at itself.", LOOKS, "Each text asks its partner."),
    "mask-of-the-own-text": ("The mask hides the asking text's pads, not those that it looks at.", LOOKS, "The partner's pads are hidden."),
    "partner-pads-seen": ("The partner's pads are seen.", LOOKS, "The partner's pads are hidden."),
    "only-the-first-looks": ("Only the first text looks at the second, so order changes the meaning.", LOOKS, "Both look."),
    "own-text-forgotten": ("What a text finds replaces it: the residual is missing.", "What is averaged?", "The text and what it found."),
    "pooled-by-the-mask-of-the-partner": ("The mean is taken over the places of the partner's words.", POOL, "The text's own words."),
    "attention-starts-loud": ("The new branch starts at random, and drowns what the encoder knows.", BEGIN, "Silent."),
    "attention-not-from-generator": ("First weights come from torch's global generator.", BEGIN, "From the generator that is given."),
    "attention-moves-global-numbers": ("Building the layer draws from torch's global generator, and moves what others draw.", BEGIN, "Others' numbers stay."),
})  # fmt: skip
MISTAKES: dict[str, Mistake] = _APART | _ROWS | _PATH | _CROSS
