"""What common exceptions mean, in a student's words: a pattern in what Python or torch said -> what to do about it."""

from __future__ import annotations

import re

# pattern in "raised TypeName: message" -> what to look at; the first that fits, so the narrow ones stand first
MEANINGS: dict[str, str] = {
    # calls of torch
    r"unexpected keyword argument 'axis'|\*, int dim|got.*axis=": "torch says `dim` where numpy says `axis`.",
    r"log\(\).*(got|invalid combination|takes|dim)": "The dimension belongs to softmax, not to log: or use log_softmax(x, dim=-1).",
    r"sqrt\(\): argument 'input'.* must be Tensor": "torch.sqrt takes tensors only: use math.sqrt for a Python number.",
    r"only one element tensors can be converted|only integer tensors of a single element":
        "A function for one number (math.sqrt, int, float) got a whole tensor: use torch's own, tensor.sqrt() for example.",
    r"Can't call numpy\(\) on Tensor that requires grad|__array__\(\)":
        "numpy cannot follow gradients: use torch's function of the same name.",
    r"'Embedding' object is not subscriptable|index_select\(\).*Embedding|argument 'input' .*must be Tensor, not Embedding":
        "An nn.Embedding is called, table(ids), not indexed.",
    r"'(Linear|LayerNorm|Dropout|ModuleList|GELU|Sequential|\w*Loss)' object is not subscriptable":
        "A module is called with round brackets, module(x).",
    r"'method' object is not|'builtin_function_or_method' object":
        "A method was used without calling it: brackets are missing, as in x.size() or x.dim().",
    r"'torch\.Size' object is not callable": ".shape is not called: write x.shape[0], or x.size(0).",
    r"not enough values to unpack|too many values to unpack":
        "A shape was unpacked into another number of names: print x.shape, then name every dimension (sentence, head, token, channel).",
    r"does not require grad and does not have a grad_fn":
        "Nothing in this result depends on a parameter any more: look for .detach(), .item(), .data, torch.no_grad() or rounding on"
        " the way.",
    # shapes
    r"view size is not compatible": "A transposed tensor has no view of that shape: call .contiguous() first, or use reshape.",
    r"batch1 must be a 3D tensor|batch2 must be a 3D tensor|must be a 3D tensor":
        "bmm multiplies 3-dimensional tensors only: with heads there are four dimensions, use @ or matmul.",
    r"The size of tensor a \(\d+\) must match|mat1 and mat2 shapes cannot be multiplied|Expected size for first two dimensions":
        "Two shapes do not fit. Write the four sizes beside every line: sentences, heads, tokens, channels of a head. Which line "
        "changes them in another order?",
    r"shape '\[.*\]' is invalid for input":
        "The new shape holds another number of numbers: take its sizes from the tensor itself, x.size(0), and not from the batch "
        "size or the settings; the last batch is smaller.",
    r"normalized_shape": "A LayerNorm got a tensor of another width: is it given the result of the dense layer?",
    r"of a 0-d tensor|over a 0-d tensor|0-dim tensor|zero-dimensional tensor":
        "squeeze() takes every dimension of size 1, in a batch of one sentence that of the batch too: say which, squeeze(-1).",
    r"Dimension out of range": "The tensor has fewer dimensions than the line expects: print x.shape just before it.",
    r"index out of range in self|has no row in its table|ids holds -?\d+, expected 0 to":
        "A table was asked for a row that it does not have: token ids go through the word table, positions 0, 1, 2, ... through the"
        " position table, and longer sentences are cut at max_position_embeddings.",
    r"index \d+ is out of bounds":
        "An index is larger than the tensor: does the line use the batch size of the settings where the last batch is smaller?",
    r"Target size .* must be the same as input size":
        "Predictions and labels have different shapes: one is (B, 1), the other (B,). Squeeze the last dimension.",
    r"expand\(|must match the existing size|output with shape .* doesn't match the broadcast shape":
        "A tensor was to be spread over a shape that does not fit: which dimensions are 1?",
    r"Sizes of tensors must match except": "Tensors are joined along one dimension and agree in all others: which dim does cat get?",
    r"must be tuple of Tensors": "cat and stack take one list of tensors: the square brackets are missing.",
    # losses and metrics
    r"Target -?\d+ is out of bounds": "A label is none of the classes: they count from 0, and one score an example asks for the binary loss.",
    r"Expected input batch_size": "Scores (B, k) and labels (B,) are of two sizes: was the batch averaged or squeezed away?",
    r"all elements of input should be between 0 and 1": "This loss wants probabilities: for raw scores there is one with logits.",
    r"for target with class probabilities": "cross_entropy takes B single scores for B classes: use the binary loss with logits.",
    r"expected target dtype to be Long": "Class labels are whole numbers, int64: labels with fractions ask for the squared error.",
    r"cannot be converted to Scalar|only for scalar outputs": "One number is wanted here, a loss for example: average over the batch first.",
    r"return_types\.": "max and min along a dimension give values and places together: take .values.",
    r"'(float|int)' object has no attribute '(backward|requires_grad)'": "item() or float() came before backward(): keep the loss a tensor.",
    r"'bool' object has no attribute|operand type\(s\) for .*'list'": "Lists do not calculate: turn them into tensors first.",
    # dtypes and devices
    r"can't be cast to|result type Float can't be cast|expected scalar type|Found dtype|to have the same dtype|must have the same dtype|Float and Double":
        "Two number types meet: labels of a regression or a binary loss are floats, use label.to(logits.dtype); new tensors take "
        "x.dtype.",
    r"not implemented for '(Long|Int|Bool)'|dtype .*(Long|Int)|floating.point (or complex )?dtype":
        "Whole numbers cannot be used here: use .float() on labels, or give the new tensor the type of its neighbours (dtype=x.dtype).",
    r"CUDA|cuda|[Nn]o NVIDIA|Expected all tensors to be on the same device":
        "A device is written into the code: make new tensors where the others are, device=x.device.",
    # gradients
    r"modified by an inplace operation": "A tensor that the backward pass still needs was overwritten: write x + y, not x += y.",
    r"ZeroDivisionError": "Something divides by 0: in AdamW, is the step counted before it is used, so that t starts at 1?",
    r"math domain error": "A root of a negative number: is beta raised to the power of t, and taken from 1?",
    r"leaf Variable that requires grad":
        "A parameter was changed in place while gradients are recorded: use torch.no_grad(), or parameter.data.",
    r"backward through the graph a second time":
        "backward() ran twice through the same graph: compute the loss again, or add the losses first.",
    # Python
    r"UnboundLocalError|cannot access local variable|referenced before assignment":
        "A name gets its value only inside an if or a loop that did not run here: give it a value in both cases.",
    r"takes \d+ positional arguments? but \d+ (was|were) given":
        "One argument too many arrives: is `self` missing in the definition, or a bracket in the wrong place?",
    r"missing \d+ required (positional|keyword-only) argument":
        "An argument is missing: new arguments need a default, so that callers who do not know them still work.",
    r"got multiple values for argument":
        "An argument is given twice, by place and by name: count the arguments in the definition, `self` included.",
    r"exceptions must derive from BaseException": "`raise` is for exceptions: is `return` meant?",
    r"NameError: name '(config|args|device|hparams|model|tokenizer)'":
        "The code reads a name that only another file defines: pass the value as an argument.",
    r"NameError": "This name is defined nowhere: is it misspelled, or its import missing?",
    r"'(BertConfig|(types\.)?(Simple)?Namespace|\w*Config)' object has no attribute":
        "The settings have no field of that name: compare with minbert/config.py, where for example hidden_dropout_prob is spelled "
        "out.",
    r"'(\w*Loss)' object has no attribute '(backward|item|detach)'|Boolean value of Tensor with more than one value":
        "A loss is made first and called then: nn.CrossEntropyLoss()(scores, labels), or F.cross_entropy(scores, labels).",
    r"KeyError: '?(step|exp_avg|exp_avg_sq|m|v|t)\b":
        "The state of a parameter is empty at the first step: make its entries before they are used.",
    r"KeyError": "A key is asked for before anything was stored under it, or under another name.",
    r"'NoneType' object|nothing: None|unsupported operand .*NoneType|not NoneType": "Something is None: is a `return` missing?",
    r"'?(tuple|dict|list)'? object has no attribute|not (tuple|dict|list)\b|^a (tuple|dict|list)$":
        "A tuple, list or dict arrives where one tensor is expected: what is returned, and is it taken apart where it arrives? Name"
        " the parts instead of counting them.",
    r"object has no attribute": "The object has no such part: is it misspelled, or made in __init__ under another name?",
    r"is not callable": "Something that is no function is called: is an operator or a comma missing before the bracket?",
    r"RecursionError": "A function calls itself without end: does forward call self(...) or itself?",
    r"MemoryError|can't allocate memory|not enough memory|DefaultCPUAllocator":
        "The code asked for more memory than the check allows: is a shape multiplied by mistake, or a list that only grows?",
    r"IndentationError|TabError": "The lines do not stand under each other: use the same number of spaces, and no tabs.",
    r"SyntaxError.*(<<<<|>>>>|====)|SyntaxError: invalid decimal literal.*>>>>":
        "A merge left its markers (<<<<<<<, =======, >>>>>>>): keep one of the two versions and delete them.",
    r"SyntaxError": "Python cannot read the file: look at this line and at the one before it, where a bracket may be open.",
    r"cannot import name|No module named|ModuleNotFoundError|ImportError|libtk|tkinter|_tkinter":
        "An import fails: an editor may have added it by itself. Delete the line if nothing needs it.",
    # what a check cannot wait for
    r"Trapped: calls input": "A check has nobody at the keyboard: remove the call of input().",
    r"Trapped: calls (breakpoint|pdb)|BdbQuit": "A check has nobody at the keyboard: remove the debugger's call when you are done.",
    r"Trapped: calls os\._exit|SystemExit": "That ends the whole program: remove it; to leave a function use return.",
    r"EOFError": "A check has nobody at the keyboard: remove what reads from it.",
}
# what a check makes happen, or what has a plainer name, is told without the name of its exception
SPOKEN = {
    r"^raised Trapped: ": "",
    r"^raised SystemExit: .*$": "ends the program, as exit() does",
    r"^raised (MemoryError|RuntimeError: .*DefaultCPUAllocator).*$": "asked for more memory than the check allows",
}


def is_crash(seen: object) -> bool:
    """Whether a look holds what the code raised."""
    return isinstance(seen, str) and seen.startswith("raised ")


def meaning(error: str) -> str:
    """What to look at for "raised TypeName: message" (or for what was returned, in words), or "" when nobody has met it yet."""
    return next((sentence for pattern, sentence in MEANINGS.items() if re.search(pattern, error)), "")


def crash_sentence(error: str, place: str) -> str:
    """"raised TypeName: message" as a sentence with its file and line (as much as is known)."""
    for pattern, words in SPOKEN.items():
        error = re.sub(pattern, words, error)
    return f"Your code {error.rstrip('.')}{f' ({place})' if place else ''}."
