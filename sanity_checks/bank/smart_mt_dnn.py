"""What is said about mistakes in mt-dnn's SMART, which is kept as its authors published it."""

from __future__ import annotations

from sanity_checks.bank import Mistake

CALL, MEASURE = "In smart_mt_dnn, SmartMtDnn.__call__.", "In smart_mt_dnn, {}."
DELTA = "delta = (noise + eta dl/d noise) / (|noise + eta dl/d noise|_inf + epsilon), once, with a size for each token."
VALUE = "R = KL(Q~ | P) + KL(P~ | Q) of the clean and the perturbed answer; a tilde holds an answer constant. Regression: (p - q~)^2."
ASCENT = "The ascent makes 2 sum_c p_c (logit p_c - logit q_c) larger, with log-odds logit p = log(p / (1 - p)) held constant, averaged over B."

Words = dict[str, tuple[str, str, str]]


def _of(where: str, rule: str, table: Words, severity: str = "error") -> dict[str, Mistake]:
    """name -> (says, look, line), with one place and one equation for all."""
    return {name: Mistake(says, look, where, rule, line, severity) for name, (says, look, line) in table.items()}


_NOISE = _of(CALL, DELTA, {
    "noise-missing": ("The perturbation starts from zeros.", "Look at where it begins.", "Draw a start from a normal distribution."),
    "noise-not-scaled": ("The start is not scaled: sigma does nothing.", "Look at where sigma is used.", "Multiply the draw by sigma."),
    "noise-scaled-by-variance": ("The start is multiplied by sigma squared.", "Look at where sigma is used.", "sigma is a standard deviation."),
    "noise-scaled-by-epsilon": ("The start is multiplied by epsilon instead of sigma.", "Look at the three settings.", "sigma is that of the noise."),
    "noise-uniform": ("The start is drawn from 0 to 1, so every number is pushed upwards.", "Look at the function that draws.", "Draw from a normal distribution."),
    "noise-not-from-generator": ("The start is not drawn from the generator, so a resumed run goes another way.", "Look at the draw.", "Hand the generator over."),
    "noise-for-a-row": ("One start serves all rows.", "Look at the shape of the draw.", "Draw for every row."),
    "noise-kept-in-graph": ("The noise stays in the graph of the value, which no slope needs.", "Look at what is a constant.", "Detach the noise once the slope is known."),
})  # fmt: skip
_STEP = _of(CALL, DELTA, {
    "ascent-missing": ("There is no ascent: the perturbation is noise alone.", "Look at where the slope is used.", "Add eta times the slope."),
    "descent": ("The slope is subtracted, which makes the answers more alike.", "Look at the sign.", "Climb."),
    "start-forgotten": ("The perturbation is the slope alone, without the noise that it was taken at.", "Look at what the slope is added to.", "Keep the start."),
    "eta-missing": ("The slope is added as it is: eta does nothing.", "Look at where eta is used.", "Multiply the slope by it."),
    "slope-normalised-first": ("The slope is divided by its size before it is added, as in the paper; mt-dnn adds it as it is.", "Count the divisions.", "One division, of the sum."),
    "slope-sign": ("Only the signs of the slope are added.", "Look for sign().", "Add the slope itself."),
    "ascent-writes-gradients": ("The ascent adds to the gradients of the parameters.", "Look for backward().", "Ask for the slope of the noise alone."),
    "ascent-kept-in-graph": ("The slope keeps its graph, so the value's gradient flows through the ascent as well.", "Look at what the slope is asked with.", "delta is a constant of the loss."),
    "ascent-by-the-distance-of-the-value": ("The ascent climbs the symmetric divergence of the value.", "Look at which of the two measures is used where.", "The ascent has its own."),
    "regression-ascent-of-a-sum": ("For regression the ascent climbs the sum of the squares, a step B times as long.", "Look at the reduction.", "Average over the batch."),
    "masks-off-in-the-ascent": ("The ascent runs without dropout; mt-dnn leaves it on, drawn afresh.", "Look at what the model is asked for.", "Ask for nothing special."),
})  # fmt: skip
_SIZE = _of(CALL, DELTA, {
    "size-of-the-batch": ("One size is taken over the whole batch, so all tokens but one are moved less.", "Look at the axes of the maximum.", "A size for each token."),
    "size-of-a-sentence": ("One size is taken over a sentence, so all its tokens but one are moved less.", "Look at the axes of the maximum.", "A size for each token."),
    "size-of-a-number": ("Each number is divided by its own size, which leaves little but signs.", "Look at the axes of the maximum.", "A size for each token."),
    "size-with-sign": ("The largest number is taken with its sign, so a token of large negative numbers is stretched.", "Look for an absolute value.", "Take sizes, then the largest."),
    "size-two-norm": ("The Euclidean length is divided by instead of the largest number.", "Look at the norm.", "The sup-norm: the largest of the sizes."),
    "size-mean": ("The mean size is divided by instead of the largest.", "Look at the norm.", "The sup-norm: the largest of the sizes."),
    "size-missing": ("Nothing is divided: the perturbation keeps the size of the noise.", "Look for the division.", "Divide by size plus epsilon."),
    "epsilon-missing": ("Epsilon does nothing: a token of zeros is divided by 0.", "Look at what is divided by.", "Add epsilon to the size."),
    "epsilon-inside-the-size": ("Epsilon is added to the numbers before their size is taken.", "Look at the brackets.", "Add it to the size."),
    "epsilon-as-a-radius": ("Epsilon is multiplied with, as if it were a radius.", "Look at what epsilon is for.", "Here it only guards the division."),
    "ball-obeyed": ("The perturbation is clipped to epsilon. That is the paper's ball, which mt-dnn does not have.", "Look at what epsilon is for.", "Divide; do not clip."),
})  # fmt: skip
_INNER = _of(MEASURE.format("stable_kl"), ASCENT, {
    "inner-factor-missing": ("The factor 2 of what the ascent climbs is missing: each step is half as long.", "Look at the factors.", "Twice the sum."),
    "inner-summed": ("What the ascent climbs is summed over the batch: each step is B times as long.", "Look at the reduction.", "Average over the batch."),
    "inner-negated": ("The two log-odds are exchanged, so the ascent goes down.", "Look at which is subtracted from which.", "That of p first."),
    "inner-guard-missing": ("The guard is missing: an answer that is very sure gives infinity.", "Look at the logarithm of 0.", "Add the guard twice."),
    "inner-logarithms-for-odds": ("Logarithms of probabilities stand where log-odds belong: a true KL, not the measure of mt-dnn.", "Look at the logarithm.", "log(p / (1 - p))."),
    "inner-odds-not-held": ("The log-odds are not held constant, so the slope is another one.", "Look for a detach that is missing.", "The slope goes through p alone."),
})  # fmt: skip
_OUTER = _of(MEASURE.format("detached_symmetric_kl"), VALUE, {
    "symmetric-halved": ("The symmetric divergence is halved.", "Look for a division by 2.", "Add the two halves."),
    "first-half-only": ("Only the divergence towards the perturbed answer is taken.", "Count the terms.", "There are two, one each way."),
    "second-half-only": ("Only the divergence towards the clean answer is taken.", "Count the terms.", "There are two, one each way."),
    "targets-not-held": ("The targets are not held constant. That is the paper's slope, about twice that of mt-dnn.", "Look for detach.", "Hold the first answer of each term."),
    "answers-held-instead-of-targets": ("In each term the other answer is held constant.", "Look at which of the two is detached.", "Hold the target."),
})  # fmt: skip
_VALUE = _of(CALL, VALUE, {
    "regression-clean-not-held": ("For regression the clean answer learns too; mt-dnn holds it.", "Look for a detach that is missing.", "Hold the clean answer."),
    "clean-detached": ("The clean answer is held constant in both terms, so half of the slope is lost.", "Look at what goes into the distance.", "Let each term hold its own target."),
    "perturbed-detached": ("The perturbed answer is held constant in both terms, so half of the slope is lost.", "Look at what goes into the distance.", "Let each term hold its own target."),
    "value-detached": ("The value carries no graph: the regularizer is added and teaches nothing.", "Look for a detach or no_grad.", "Return the value with its graph."),
    "embeddings-detached": ("The perturbed pass starts from detached embeddings, so they learn from the clean one alone.", "Look at what delta is added to.", "Add it to the embeddings."),
    "value-of-the-noise-alone": ("The value is taken at the noise; the perturbation is computed and thrown away.", "Look at what is added to the embeddings.", "Add delta."),
    "value-by-the-measure-of-the-ascent": ("The value is what the ascent climbs, which can be negative.", "Look at which of the two measures is used where.", "The value has its own."),
    "perturbed-against-itself": ("The perturbed answer is compared with itself: the value is always 0.", "Look at what goes into the distance.", "Compare with the clean answer."),
    "perturbation-subtracted": ("The perturbation is subtracted.", "Look at the sign.", "Add it."),
    "masks-same": ("The perturbed pass repeats the dropout of the clean one; mt-dnn draws it afresh.", "Look at what the model is asked for.", "Ask for nothing special."),
    "masks-off": ("The perturbed pass runs without dropout; mt-dnn leaves it on, drawn afresh.", "Look at what the model is asked for.", "Ask for nothing special."),
    "one-score-as-one-class": ("One score is taken as one class: its softmax is 1 whatever the score, and the value is 0.", "Look at the shape that softmax sees.", "Give the other answer a score of 0."),
    "one-score-counted-twice": ("A yes-no score becomes two scores that are twice as far apart.", "Look at the second score.", "The other answer has score 0."),
    "reduction-always-sum": ("The value is summed whatever `reduction` says, which multiplies lambda by B.", "Look at where the setting is used.", "Ask the setting."),
    "mean-over-classes-too": ("The mean is taken over examples and classes: the value is too small by k.", "Look at what 'mean' means to kl_div.", "Divide by the batch alone."),
})  # fmt: skip
_OPTION = _of(CALL, VALUE, {"reduction-always-mean": ("The value is averaged whatever `reduction` says.", "Look at where the setting is used.", "Ask the setting.")}, "option")
MISTAKES: dict[str, Mistake] = _NOISE | _STEP | _SIZE | _INNER | _OUTER | _VALUE | _OPTION
