"""What is said about the slips that the source of a training loop shows."""

from __future__ import annotations

from sanity_checks.bank import Mistake

WORDS: dict[str, Mistake] = {
    "sts-labels-cut": Mistake(
        "The similarity labels lose their fractions: the training data is made without isRegression=True.", "Print a few labels of a training batch: 3.8 arrives as 3.",
        "Where SentencePairDataset is made for STS.", "Labels go from 0 to 5 in steps of 0.2; Pearson's r on whole numbers is lower, however long you train.",
        "Tell the training set that this is a regression, as the dev set is told.", "train", seen=26),
    "rounded-before-loss": Mistake(
        "What goes into the loss is rounded or cut off from its gradient, so nothing is learned from it.", "Look for round, argmax, int or detach inside the call of the loss.",
        "The line of the loss.", "A rounded number has slope 0 everywhere.", "Give the loss the raw scores.", seen=3),
    "normalised-before-loss": Mistake(
        "Probabilities go into a loss that wants raw scores.", "Look for softmax or sigmoid inside the call of the loss.", "The line of the loss.",
        "The loss applies them itself; twice, and no score can reach a low loss.", "Give the loss what the head returns.", seen=7),
    "classes-of-one-score": Mistake(
        "cross_entropy is used for a task with one score a pair, so the sentences of the batch are taken for classes.", "Print the shapes of scores and labels.",
        "The line of the paraphrase or similarity loss.", "One score a pair: binary cross-entropy with logits, or a squared error.", "Choose the loss that fits one number.", seen=1),
    "mean-and-divided": Mistake(
        "The loss is already a mean and is divided by the batch size again, so this task's gradients are too small.", "Compare the reduction with what comes behind it.",
        "The line of the loss.", "Sum divided by B, or mean: one of the two.", "Double the batch: the loss must not halve.", "train", seen=6),
    "gradients-never-cleared": Mistake(
        "No zero_grad in this training loop: every step adds its gradients to those of all steps before.", "Look at what happens before backward().",
        "The loop over batches.", "Each step follows the gradient of its own batch.", "Clear the gradients once a step.", "train"),
}  # fmt: skip
