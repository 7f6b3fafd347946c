import random, numpy as np, argparse
from types import SimpleNamespace
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from bert import BertModel
from optimizer import AdamW
from tqdm import tqdm
from datasets import (
    SentenceClassificationDataset,
    SentencePairDataset,
    load_multitask_data
)
from evaluation import model_eval_sst, model_eval_multitask, model_eval_test_multitask

TQDM_DISABLE = False
BERT_HIDDEN_SIZE = 768
N_SENTIMENT_CLASSES = 5


class MultitaskBERT(nn.Module):
    def __init__(self, config):
        super(MultitaskBERT, self).__init__()
        self.bert = BertModel.from_pretrained('bert-base-uncased')
        assert config.fine_tune_mode in ["last-linear-layer", "full-model"]
        for param in self.bert.parameters():
            param.requires_grad = config.fine_tune_mode == 'full-model'
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.sentiment_classifier = nn.Linear(BERT_HIDDEN_SIZE, N_SENTIMENT_CLASSES)
        self.paraphrase_classifier = nn.Linear(2 * BERT_HIDDEN_SIZE, 1)
        self.similarity_classifier = nn.Linear(2 * BERT_HIDDEN_SIZE, 1)

    def forward(self, input_ids, attention_mask):
        return self.bert(input_ids, attention_mask)['pooler_output']

    def predict_sentiment(self, input_ids, attention_mask):
        return self.sentiment_classifier(self.dropout(self.forward(input_ids, attention_mask)))

    def both(self, input_ids_1, attention_mask_1, input_ids_2, attention_mask_2):
        first = self.forward(input_ids_1, attention_mask_1)
        second = self.forward(input_ids_2, attention_mask_2)
        return self.dropout(torch.cat([first, second], dim=1))

    def predict_paraphrase(self, input_ids_1, attention_mask_1, input_ids_2, attention_mask_2):
        return self.paraphrase_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2))

    def predict_similarity(self, input_ids_1, attention_mask_1, input_ids_2, attention_mask_2):
        return self.similarity_classifier(self.both(input_ids_1, attention_mask_1, input_ids_2, attention_mask_2))


def train_multitask(args):
    device = torch.device('cuda') if args.use_gpu else torch.device('cpu')
    sst_train_data, num_labels, para_train_data, sts_train_data = load_multitask_data(args.sst_train, args.para_train, args.sts_train, split='train')
    sst_train_data = SentenceClassificationDataset(sst_train_data, args)
    sts_train_data = SentencePairDataset(sts_train_data, args, isRegression=True)
    config = {'hidden_dropout_prob': args.hidden_dropout_prob, 'num_labels': num_labels, 'hidden_size': 768,
              'data_dir': '.', 'fine_tune_mode': args.fine_tune_mode}
    model = MultitaskBERT(SimpleNamespace(**config)).to(device)
    optimizer = AdamW(model.parameters(), lr=args.lr)
    for batch in tqdm([], disable=TQDM_DISABLE):
        optimizer.zero_grad()
        logits = model.predict_sentiment(batch['token_ids'], batch['attention_mask'])
        loss = F.cross_entropy(logits, batch['labels'].view(-1), reduction='sum') / args.batch_size
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train_multitask(argparse.ArgumentParser().parse_args())
