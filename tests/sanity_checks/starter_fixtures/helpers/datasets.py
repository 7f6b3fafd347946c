import csv
import torch
from torch.utils.data import Dataset
from tokenizer import BertTokenizer


class SentenceClassificationDataset(Dataset):
    def __init__(self, dataset, args):
        self.dataset = dataset
        self.tokenizer = BertTokenizer.from_pretrained('bert-base-uncased')


class SentencePairDataset(Dataset):
    def __init__(self, dataset, args, isRegression=False):
        self.dataset, self.isRegression = dataset, isRegression


def load_multitask_data(sentiment_filename, paraphrase_filename, similarity_filename, split='train'):
    return [], 5, [], []
