import torch
from torch import nn
from torch.nn import functional as F
from base_bert import BertPreTrainedModel
from utils import *


class BertSelfAttention(nn.Module):
    """transform and attention were merged into forward."""

    def __init__(self, config):
        super().__init__()
        self.heads = config.num_attention_heads
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key = nn.Linear(config.hidden_size, config.hidden_size)
        self.value = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.attention_probs_dropout_prob)

    def forward(self, hidden_states, attention_mask):
        b, t, c = hidden_states.shape
        q, k, v = (layer(hidden_states).reshape(b, t, self.heads, c // self.heads) for layer in (self.query, self.key, self.value))
        scores = torch.einsum('bqhd,bkhd->bhqk', q, k) * (c // self.heads) ** -0.5
        weights = self.dropout((scores + attention_mask).softmax(-1))
        return torch.einsum('bhqk,bkhd->bqhd', weights, v).flatten(2)


class BertLayer(nn.Module):
    """add_norm was merged into forward."""

    def __init__(self, config):
        super().__init__()
        self.self_attention = BertSelfAttention(config)
        self.attention_dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.attention_layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.attention_dropout = nn.Dropout(config.hidden_dropout_prob)
        self.interm_dense = nn.Linear(config.hidden_size, config.intermediate_size)
        self.interm_af = F.gelu
        self.out_dense = nn.Linear(config.intermediate_size, config.hidden_size)
        self.out_layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.out_dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, hidden_states, attention_mask):
        x = hidden_states
        x = self.attention_layer_norm(x + self.attention_dropout(self.attention_dense(self.self_attention(x, attention_mask))))
        return self.out_layer_norm(x + self.out_dropout(self.out_dense(self.interm_af(self.interm_dense(x)))))


class BertModel(BertPreTrainedModel):
    """embed and encode were merged into forward."""

    def __init__(self, config):
        super().__init__(config)
        self.word_embedding = nn.Embedding(config.vocab_size, config.hidden_size, padding_idx=config.pad_token_id)
        self.pos_embedding = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.tk_type_embedding = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.embed_layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.embed_dropout = nn.Dropout(config.hidden_dropout_prob)
        self.register_buffer('position_ids', torch.arange(config.max_position_embeddings).unsqueeze(0))
        self.bert_layers = nn.ModuleList(BertLayer(config) for _ in range(config.num_hidden_layers))
        self.pooler_dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.pooler_af = nn.Tanh()
        self.init_weights()

    def forward(self, input_ids, attention_mask):
        where = self.pos_embedding(self.position_ids[:, :input_ids.shape[1]])
        x = self.word_embedding(input_ids) + where + self.tk_type_embedding(torch.zeros_like(input_ids))
        x = self.embed_dropout(self.embed_layer_norm(x))
        mask = get_extended_attention_mask(attention_mask, self.dtype)
        for layer in self.bert_layers:
            x = layer(x, mask)
        return {'last_hidden_state': x, 'pooler_output': self.pooler_af(self.pooler_dense(x[:, 0]))}
