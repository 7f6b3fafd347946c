"""What is said about the mistakes of the cosine heads; those of their loss are in bank/cosine_loss.py."""

from __future__ import annotations

from sanity_checks.bank import Mistake
from sanity_checks.bank.cosine_loss import LOSS

COSINE, STRETCHED, TOLD, PLAIN = (f"In cosine_heads ({name})." for name in ("cosine", "CosineHead.forward", "CosineFeatureHead.forward", "CosineEmbeddingHead.forward"))
RULE = "cos(u, v) = u . v / (|u| |v|): one number for each pair, from -1 to 1; 0 where a vector is all zeros."
MAP = "u' = W u + b and v' = W v + b, then score = top sigmoid(scale cos(u', v')), or another output; dropout comes before W."
JOIN = "Features = [u; v; cos(u, v)], then dropout and one linear map: (B, k), or (B,) for one score."
SLOPE = "The encoder learns through both sentences and through the angle between them."
BARE = "The score is the cosine itself, (B,); the loss knows how to use it."


def _of(where: str, rule: str, **table: tuple[str, ...]) -> dict[str, Mistake]:
    """name=(says, look, line[, severity]) -> mistakes with the same place and equation."""
    return {name.replace("_", "-"): Mistake(says, look, where, rule, line, *rest) for name, (says, look, line, *rest) in table.items()}


_COSINE = _of(
    COSINE, RULE,
    cosine_is_dot_product=("The dot product is not divided by the lengths: a longer vector gets a larger score.", "Look at what u . v is divided by.", "Divide by both lengths."),
    cosine_divided_by_one_length=("The dot product is divided by the length of one vector only.", "Look at what u . v is divided by.", "Divide by both lengths."),
    cosine_divided_by_squares=("The dot product is divided by squared lengths.", "Look for a root that is missing.", "A length is the root of the sum of squares."),
    cosine_of_zero_is_nan=("A vector of zeros gives 0 / 0, NaN, and one NaN spoils the whole batch.", "Look at the divisor.", "Keep the divisor above 0.", "option"),
    cosine_over_batch=("The cosine runs along the batch instead of along the features.", "Look at the dimension.", "The features are the last dimension."),
    cosine_of_all_with_all=("Every first sentence is compared with every second one.", "Look for @ or matmul.", "Compare a pair's own two sentences."),
    cosine_is_distance=("One minus the cosine comes back: near pairs get low scores.", "Look at the sign.", "Return the cosine itself."),
    cosine_without_sign=("The sign of the cosine is lost, so opposite vectors count as equal ones.", "Look for abs().", "Keep the sign."),
    cosine_of_centred_vectors=("Means are taken off first: that is a correlation over features.", "Look for mean().", "Use the vectors as they are."),
    cosine_eps_too_large=("The guard of the division is so large that it changes ordinary cosines.", "Look at eps.", "A guard is a tiny number."),
)  # fmt: skip
_SLOPES = _of(
    COSINE, SLOPE,
    cosine_detached=("No gradient passes through the cosine.", "Look for detach() or no_grad().", "Use both vectors as they are."),
    cosine_second_detached=("No gradient reaches the second sentence through the cosine.", "Look for detach().", "Use both vectors as they are."),
)
_STRETCHED = _of(
    STRETCHED, MAP,
    stretched_scale_missing=("The cosine is not multiplied by the scale, so scores hardly move from the middle.", "Look at where the scale enters.", "Multiply inside the sigmoid."),
    stretched_scale_fixed=("The scale is a fixed number, whatever was asked for.", "Look at where the scale comes from.", "Use the head's own scale.", "option"),
    stretched_scale_divides=("The cosine is divided by the scale.", "Look at where the scale enters.", "Multiply."),
    stretched_scale_outside=("The scale multiplies the score instead of the cosine.", "Look at where the scale enters.", "Multiply inside the sigmoid."),
    stretched_top_missing=("Scores end at 1, labels do not.", "Look at where the top of the label range enters.", "Stretch the sigmoid over the label range."),
    stretched_top_fixed=("Scores always end at 5, whatever the labels of the task.", "Look at where the top of the label range comes from.", "Use the head's own top.", "option"),
    stretched_output_ignored=("The sigmoid is used whatever output was asked for.", "Look at how the output is chosen.", "Look it up by its name.", "option"),
    stretched_sigmoid_missing=("The cosine is multiplied by the label range, without a sigmoid: half of the scores are negative.", "Look at what is returned.", "Squeeze it between 0 and top first."),
    stretched_sigmoid_twice=("A sigmoid is taken of what is a sigmoid already.", "Count the sigmoids.", "Once is enough."),
    stretched_rounded=("Scores are rounded, and rounding has no slope.", "Look for round().", "Decide in the evaluation."),
    stretched_not_squeezed=("Scores come as (B, 1), and (B, 1) against labels (B,) would become (B, B).", "Look at the shape.", "One number for each pair, (B,)."),
    stretched_detached=("No gradient leaves the score.", "Look for detach() or no_grad().", "Return a tensor that knows where it came from."),
    stretched_not_mapped=("The linear map is not used: cosines of the raw vectors.", "Look at what the cosine is taken of.", "Map both vectors."),
    stretched_first_mapped_only=("Only the first sentence goes through the linear map, so the two are compared in different spaces.", "Look at both vectors.", "Map both, by the same map."),
    stretched_bias_missing=("The bias of the map is not added.", "Look at how the map is computed.", "Call the linear module."),
    stretched_first_twice=("The first sentence is compared with itself.", "Look at where v is used.", "One of them is the second sentence."),
    stretched_tanh_after_map=("A tanh follows the map.", "Look at what is between map and cosine.", "Nothing is."),
    stretched_interleaved=("u and v are taken as every other number of the features instead of as the two halves.", "Look at how the features are split.", "[u; v] is u, then v."),
    stretched_dropout_missing=("The head has a dropout but does not use it.", "Look at where dropout is called.", "Before the map.", "train"),
    stretched_dropout_after_map=("Dropout falls on what leaves the map.", "Look at the order.", "Before the map.", "train"),
    stretched_dropout_on_first_only=("Dropout falls on the first sentence only.", "Look at both vectors.", "Both go through it.", "train"),
)  # fmt: skip
_TOLD = _of(
    TOLD, JOIN,
    told_cosine_zero=("The feature that should be the cosine is always 0.", "Look at the last feature.", "Join the cosine itself."),
    told_dot_product=("The last feature is the dot product, which has no bounds.", "Look at the last feature.", "Divide by both lengths."),
    told_cosine_of_first_with_itself=("The last feature is the cosine of a sentence with itself, always 1.", "Look at what the cosine is given.", "Give it both."),
    told_cosine_detached=("No gradient passes through the cosine, so the encoder cannot learn to turn vectors.", "Look for detach().", "Use both vectors as they are."),
    told_cosine_after_dropout=("The cosine is taken of vectors with holes in them.", "Look at the order of cosine and dropout.", "Take it of the whole vectors.", "train"),
    told_cosine_first=("The cosine is the first feature and not the last.", "Look at the order of the parts.", "u, then v, then the cosine."),
    told_vectors_normalised=("u and v are scaled to length 1.", "Look for normalize.", "Only the cosine is free of length."),
    told_dropout_missing=("The head has a dropout but does not use it.", "Look at where dropout is called.", "Before the map.", "train"),
    told_dropout_on_scores=("Dropout falls on the scores.", "Look at the order of dropout and map.", "Before the map.", "train"),
    told_cosine_always_kept=("The cosine never goes through dropout, though nobody asked to keep it.", "Look at keep_cosine.", "It decides.", "train"),
    told_keep_ignored=("The cosine goes through dropout though it was to be kept.", "Look at keep_cosine.", "It decides.", "option"),
    told_not_squeezed=("One score for each pair comes as (B, 1) instead of (B,).", "Look at the shape for one score.", "Drop the last dimension when its size is 1."),
    told_squeeze_without_dimension=("A squeeze() without a dimension also drops a batch of one.", "Try a batch of one.", "Say which dimension is to go."),
    told_detached=("No gradient leaves the scores.", "Look for detach() or no_grad().", "Return a tensor that knows where it came from."),
)  # fmt: skip
_PLAIN = _of(
    PLAIN, BARE,
    plain_stretched=("The cosine is multiplied by 5, and its loss was made for -1 to 1.", "Look at what is returned.", "Return the cosine."),
    plain_affine=("The cosine is moved to 0..1, and its loss was made for -1 to 1.", "Look at what is returned.", "Return the cosine."),
    plain_interleaved=("u and v are taken as every other number of the features instead of as the two halves.", "Look at how the features are split.", "[u; v] is u, then v."),
    plain_not_squeezed=("Scores come as (B, 1) instead of (B,).", "Look at the shape.", "One number for each pair."),
)
MISTAKES: dict[str, Mistake] = _COSINE | _SLOPES | _STRETCHED | _TOLD | _PLAIN | LOSS
