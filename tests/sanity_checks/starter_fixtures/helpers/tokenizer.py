from transformers.tokenization_utils import PreTrainedTokenizer
import unicodedata


class BertTokenizer(PreTrainedTokenizer):
    pass
