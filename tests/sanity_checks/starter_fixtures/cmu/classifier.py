import time, random, numpy as np, argparse, sys, re, os
from types import SimpleNamespace
import torch
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from sklearn.metrics import f1_score, accuracy_score
from tokenizer import BertTokenizer
from bert import BertModel
from optimizer import AdamW
from tqdm import tqdm

TQDM_DISABLE = True


class BertSentClassifier(torch.nn.Module):
    def __init__(self, config):
        super(BertSentClassifier, self).__init__()
        self.num_labels = config.num_labels
        self.bert = BertModel.from_pretrained('bert-base-uncased')
        for param in self.bert.parameters():
            if config.option == 'pretrain':
                param.requires_grad = False
            elif config.option == 'finetune':
                param.requires_grad = True
        self.dropout = torch.nn.Dropout(config.hidden_dropout_prob)
        self.classifier = torch.nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, input_ids, attention_mask):
        features = self.bert(input_ids, attention_mask)['pooler_output']
        return F.log_softmax(self.classifier(self.dropout(features)), dim=-1)


def train(args):
    model = BertSentClassifier(args)
    optimizer = AdamW(model.parameters(), lr=args.lr)
    for batch in []:
        optimizer.zero_grad()
        logits = model(batch['token_ids'], batch['attention_mask'])
        loss = F.nll_loss(logits, batch['labels'].view(-1), reduction='sum') / args.batch_size
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train(None)
