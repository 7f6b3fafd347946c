"""What is said about the mistakes of masked language modelling."""

from __future__ import annotations

from sanity_checks.bank import Mistake

# Three hints a topic: where, equation, line.
HEAD = ("In mlm, MaskedWordHead.forward.", "logits = LayerNorm(GELU(h W + b)) E^T + c.", "Map, GELU, norm, then the product with every word embedding, and one number for every word.")
TABLE = ("In mlm, MaskedLanguageModel.words.", "The decoder is the table of word embeddings itself: one tensor, which both ends train.", "Hand on the parameter, not what it holds.")
READ = ("In mlm, the call of the encoder.", "The encoder gets ids, mask and token types, in this order; its last states are read.", "The loss reads texts as the model does.")
LOSS = ("In mlm, MaskedLanguageModel.loss.", "The mean over the chosen places of -log softmax(logits)[the word that stood there].", "Of all places, those with a label count, each as much as the others.")
FILE = ("In mlm, head_state.", "A file holds the five tensors of a head under cls.predictions.*, or none of them; its decoder is the table of words.", "Rename what is there, and refuse what does not fit.")

ORDER = "Read the equation from the inside out."
ONE = "One table, two uses."
WHICH = "Look at which places count, and for how much."
MISTAKES: dict[str, Mistake] = {
    "gelu-missing": Mistake("The head has no GELU, so its map is only one more linear map.", ORDER, *HEAD),
    "relu-for-gelu": Mistake("The head has a ReLU instead of a GELU.", ORDER, *HEAD),
    "tanh-for-gelu": Mistake("The head has a tanh, as the pooler has, instead of a GELU.", ORDER, *HEAD),
    "gelu-of-tanh": Mistake("The head has the tanh form of GELU instead of the exact one.", "Look at how the GELU is computed.", *HEAD),
    "norm-missing": Mistake("The head has no LayerNorm.", ORDER, *HEAD),
    "norm-before-gelu": Mistake("The norm comes before the GELU instead of after it.", ORDER, *HEAD),
    "norm-before-map": Mistake("The norm comes before the map instead of after the GELU.", ORDER, *HEAD),
    "map-missing": Mistake("The head has no map of its own.", ORDER, *HEAD),
    "head-missing": Mistake("States are compared with the word embeddings at once: map, GELU and norm are left out.", ORDER, *HEAD),
    "residual-added": Mistake("The states are added to what the head makes of them.", "There is no residual here.", *HEAD),
    "bias-missing": Mistake("The decoder has no bias, so frequent words are no likelier than others.", "Look at the last term.", *HEAD),
    "bias-subtracted": Mistake("The decoder's bias is subtracted.", "Look at the last term.", *HEAD),
    "words-normalised": Mistake("Word embeddings are normalised before the product.", "A product, not a cosine.", *HEAD),
    "decoder-is-a-copy": Mistake("The decoder is a copy of the word embeddings: untied, so the two drift apart.", ONE, *TABLE),
    "decoder-detached": Mistake("The decoder's side gives the word embeddings no gradient.", ONE, *TABLE),
    "decoder-reversed": Mistake("The words of the decoder stand in another order than those of the embeddings.", ONE, *TABLE),
    "mask-forgotten": Mistake("The encoder gets no attention mask, so padding is read as words.", "Count what it is given.", *READ),
    "mask-forgotten-in-the-loss": Mistake("In the loss the encoder gets no attention mask.", "Count what it is given.", *READ),
    "token-types-forgotten": Mistake("The encoder gets no token types, so second sentences look like first ones.", "Count what it is given.", *READ),
    "token-types-forgotten-in-the-loss": Mistake("In the loss the encoder gets no token types.", "Count what it is given.", *READ),
    "mask-and-token-types-exchanged": Mistake("Mask and token types are exchanged.", "Look at the order of the arguments.", *READ),
    "pooled-vector-read": Mistake("Every place is guessed from the pooled vector of its text.", "Each place has a state of its own.", *READ),
    "all-places-counted": Mistake("Places without a question count too, as if word 0 were their answer.", WHICH, *LOSS),
    "padding-for-nothing-asked": Mistake("Word 0 is never an answer: label 0 is taken for no question, instead of -100.", WHICH, *LOSS),
    "divided-by-all-places": Mistake("The sum is divided by all places of the batch instead of the chosen ones.", WHICH, *LOSS),
    "summed": Mistake("The loss is a sum, so texts with more questions learn faster.", WHICH, *LOSS),
    "averaged-over-texts": Mistake("The mean of each text's mean is taken, so a question in a short text weighs more.", WHICH, *LOSS),
    "answers-shifted": Mistake("Each place is compared with the label of the next one, as where the next word is guessed.", "The answer stands where the question is.", *LOSS),
    "ids-for-labels": Mistake("The ids that are read are taken for the answers: [MASK] is right.", "Which of the two holds what stood there?", *LOSS),
    "softmax-twice": Mistake("A softmax is taken of what is a probability already.", "The cross-entropy wants logits.", *LOSS),
    "sign-wrong": Mistake("The loss has the wrong sign.", "Look for a minus.", *LOSS),
    "loss-detached": Mistake("The value is right, but no gradient leaves it.", "Look for detach() or item().", *LOSS),
    "encoder-detached": Mistake("No gradient reaches the encoder: only the head learns.", "Look for detach() or no_grad() around the states.", *LOSS),
    "decoder-bias-of-a-file-lost": Mistake("A bias under its second name, cls.predictions.decoder.bias, is not found.", "Two names, one tensor.", *FILE),
    "head-of-a-file-lost": Mistake("The head that a file brings is not used: a new one needs thousands of steps for what the old one knows.", "Look at what is returned.", *FILE),
    "half-a-head-accepted": Mistake("A file with half of a head is accepted.", "All five tensors, or none.", *FILE, severity="option"),
    "untied-decoder-accepted": Mistake("A file whose decoder is another table is accepted, and that table lost.", "Compare the two.", *FILE, severity="option"),
}  # fmt: skip
