import random, numpy as np, argparse
from types import SimpleNamespace
import torch
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from sklearn.metrics import f1_score, accuracy_score
from tokenizer import BertTokenizer
from bert import BertModel
from optimizer import AdamW
from tqdm import tqdm

TQDM_DISABLE = False


class BertSentimentClassifier(torch.nn.Module):
    def __init__(self, config):
        super(BertSentimentClassifier, self).__init__()
        self.num_labels = config.num_labels
        self.bert = BertModel.from_pretrained('bert-base-uncased')
        assert config.fine_tune_mode in ["last-linear-layer", "full-model"]
        for param in self.bert.parameters():
            if config.fine_tune_mode == 'last-linear-layer':
                param.requires_grad = False
            elif config.fine_tune_mode == 'full-model':
                param.requires_grad = True
        self.dropout = torch.nn.Dropout(config.hidden_dropout_prob)
        self.linear = torch.nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, input_ids, attention_mask):
        pooled = self.bert(input_ids, attention_mask)['pooler_output']
        return self.linear(self.dropout(pooled))


def train(args):
    device = torch.device('cuda') if args.use_gpu else torch.device('cpu')
    model = BertSentimentClassifier(args).to(device)
    optimizer = AdamW(model.parameters(), lr=args.lr)
    for batch in []:
        optimizer.zero_grad()
        logits = model(batch['token_ids'], batch['attention_mask'])
        loss = F.cross_entropy(logits, batch['labels'].view(-1), reduction='sum') / args.batch_size
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    train(argparse.ArgumentParser().parse_args())
