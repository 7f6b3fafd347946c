"""What is said about the mistakes of the embeddings."""

from __future__ import annotations

import functools

from sanity_checks.bank import Mistake

RULE = "x = Dropout(LayerNorm(word[id] + position[t] + token_type[s]))."
_sum = functools.partial(Mistake, where="The sum of the three tables.", equation=RULE)
_counted = functools.partial(Mistake, where="Where the position ids are made.", equation="position[t], with t = 0, 1, 2, ... in every sentence.")
_types = functools.partial(Mistake, where="Where the token type ids are made and used.", equation="token_type[s], with s = 0 unless another segment is given.")
_norm = functools.partial(Mistake, where="The layer norm after the sum.", equation=RULE)
_drop = functools.partial(Mistake, where="The dropout of the embeddings.", equation=RULE, severity="train")
COUNT = "Count 0, 1, 2, ... along the tokens, alike in every sentence, and look these numbers up in the position table."

MISTAKES: dict[str, Mistake] = {
    "token-types-missing": _types("The token type embedding is left out.",
        "Count the tables that are added.", line="Segment 0 has a learned vector that is not zero: it is added to single sentences too."),
    "token-types-only-when-given": _types("The token type embedding is added only when token types are given.",
        "Look at what happens without token types.", line="Without token types every token belongs to segment 0, whose learned vector is added."),
    "token-types-default-one": _types("Without token types, every token is taken to be of segment 1.",
        "Look at the default of the token types.", line="A single sentence is segment 0."),
    "token-types-ignored": _types("Token types that are given are overwritten by zeros.",
        "Look at when the default is used.", line="Zeros are for calls without token types."),
    "token-types-inverted": _types("Segments 0 and 1 are exchanged.", "Look at what the token type table is given.",
        line="Look the token types up as they are given."),
    "token-types-are-ids": _types("The token ids are looked up in the token type table.", "Look at what the token type table is given.",
        line="It is given token types."),
    "token-types-are-positions": _types("Positions are looked up in the token type table.", "Look at what the token type table is given.",
        line="It is given token types."),
    "positions-missing": _counted("The position embedding is left out, so the order of the words cannot be seen.", "Count the tables that are added.",
        line=COUNT),
    "positions-from-one": _counted("Positions start at 1 instead of 0.",
        "Look at the first position (other models put padding first; BERT does not).", line=COUNT),
    "positions-from-two": _counted("Positions start at 2 instead of 0, as in RoBERTa.", "Look at the first position.", line=COUNT),
    "positions-are-ids": _counted("The token ids are looked up in the position table.", "Look at what the position table is given.",
        line=COUNT, seen=1),
    "positions-backwards": _counted("Positions are counted from the end of the sentence.", "Look at the order of the positions.", line=COUNT),
    "positions-all-zero": _counted("Every token stands at position 0.", "Look at what the position table is given.", line=COUNT),
    "positions-by-sentence": _counted("The position is the number of the sentence in the batch instead of the number of the token in the sentence.",
        "Look at which size is counted up.", line=COUNT),
    "positions-over-batch": _counted("Positions go on counting from one sentence of the batch to the next.",
        "Look at the first position of the second sentence.", line=COUNT),
    "positions-sinusoidal": _counted("Positions are sines and cosines; BERT has learned its positions.",
        "Look for the position table that the model owns.", line="Use the position table: its rows are trained and come with the weights."),
    "positions-ignored": _counted("Positions that are given are overwritten by 0, 1, 2, ...", "Look at when the default is used.",
        line="Counting is for calls without positions."),
    "positions-wrapped": _counted("Sentences that are too long start again at position 0 instead of being refused.",
        "Look at what happens after the last row of the position table.",
        line="Refuse what is too long: nothing was learned for it, and the caller can truncate."),
    "words-missing": _sum("The word embedding is left out.", "Count the tables that are added.", line="The sum starts with the row of the word."),
    "words-scaled": _sum("The word embedding is multiplied by the root of the width, as in the first transformer; BERT does not.",
        "Look at what the word table's rows are multiplied by.", line="Add the rows as they are."),
    "words-detached": _sum("No gradient reaches the word table.", "Look for detach, .data or no_grad.", line="All three tables are trained."),
    "tables-swapped": _sum("Positions go through the token type table and token types through the position table.",
        "Look at what each table is given.", line="Each table is given its own ids."),
    "tables-averaged": _sum("The three embeddings are averaged instead of added; the norm hides nearly all of it.", "Look for a division or a mean.",
        line="Add the three rows."),
    "tables-multiplied": _sum("Word and position embeddings are multiplied instead of added.", "Look at how the rows are put together.",
        line="Add the three rows."),
    "norm-missing": _norm("The sum is not normalised.", "Look at what comes between the sum and dropout.",
        line="The layer norm takes the sum of the three."),
    "norm-on-words": _norm("Only the word embedding is normalised.", "Look at what the layer norm is given.",
        line="Add all three first, then normalise the sum."),
    "norm-per-table": _norm("Each of the three embeddings is normalised by itself.", "Count the calls of the layer norm.",
        line="Add all three first, then normalise once."),
    "norm-before-token-types": _norm("The token type embedding is added after the layer norm.", "Look at what the layer norm is given.",
        line="Add all three first, then normalise."),
    "norm-before-positions": _norm("The position embedding is added after the layer norm.", "Look at what the layer norm is given.",
        line="Add all three first, then normalise."),
    "norm-twice": _norm("The layer norm is applied twice.", "Count the calls of the layer norm.", line="Normalise once."),
    "norm-made-anew": _norm("The sum is normalised without the model's own gain, bias and epsilon.",
        "Look for a layer norm that is made or called without its weights.", line="Use the layer norm that the model owns."),
    "norm-over-tokens": _norm("The norm runs over the tokens of a sentence instead of the channels of a token.",
        "Look at the dimension that is normalised.", line="Every token has mean 0 and variance 1 over its own channels, before gain and bias."),
    "dropout-missing": _drop("The dropout of the embeddings is never called.", "Look for the dropout that the model owns.",
        line="Drop what the layer norm returns."),
    "dropout-before-norm": _drop("Dropout comes before the layer norm.", "Look at the order of norm and dropout.",
        line="First normalise, then drop."),
    "dropout-on-words": _drop("Only the word embedding is dropped.", "Look at what dropout is given.",
        line="Drop once, at the end, what the layer norm returns."),
    "dropout-twice": _drop("Dropout is applied twice.", "Count the calls of dropout.", line="Drop once, at the end."),
    "dropout-in-normalised": _drop("The embeddings that should be without dropout are dropped.",
        "Look at which of the two methods drops.",
        line="The method that normalises returns a fixed function of the ids; the other one adds dropout."),
    "dropout-in-eval": _drop("Dropout stays on in eval mode, so evaluating twice gives two answers.",
        "Look for a functional dropout that is not told whether the model is training.", line="Call the dropout module, or pass it self.training.",
        severity="error", fact="two calls in eval mode agree"),
}
