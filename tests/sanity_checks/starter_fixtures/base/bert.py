import math
from typing import Dict, List, Optional, Union, Tuple, Callable
import torch
import torch.nn as nn
import torch.nn.functional as F
from base_bert import BertPreTrainedModel
from utils import *


class BertSelfAttention(nn.Module):
  def __init__(self, config):
    super().__init__()
    self.num_attention_heads = config.num_attention_heads
    self.attention_head_size = int(config.hidden_size / config.num_attention_heads)
    self.all_head_size = self.num_attention_heads * self.attention_head_size
    self.query = nn.Linear(config.hidden_size, self.all_head_size)
    self.key = nn.Linear(config.hidden_size, self.all_head_size)
    self.value = nn.Linear(config.hidden_size, self.all_head_size)
    self.dropout = nn.Dropout(config.attention_probs_dropout_prob)

  def transform(self, x, linear_layer):
    batch, length = x.shape[:2]
    cut = linear_layer(x).view(batch, length, self.num_attention_heads, self.attention_head_size)
    return cut.transpose(1, 2)

  def attention(self, key, query, value, attention_mask):
    scores = torch.matmul(query, key.transpose(-1, -2))
    scores = scores / math.sqrt(self.attention_head_size)
    scores = scores + attention_mask
    probs = F.softmax(scores, dim=-1)
    probs = self.dropout(probs)
    context = torch.matmul(probs, value)
    context = context.transpose(1, 2).contiguous()
    return context.view(context.size(0), context.size(1), self.all_head_size)

  def forward(self, hidden_states, attention_mask):
    key_layer = self.transform(hidden_states, self.key)
    value_layer = self.transform(hidden_states, self.value)
    query_layer = self.transform(hidden_states, self.query)
    return self.attention(key_layer, query_layer, value_layer, attention_mask)


class BertLayer(nn.Module):
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

  def add_norm(self, input, output, dense_layer, dropout, ln_layer):
    branch = dropout(dense_layer(output))
    return ln_layer(input + branch)

  def forward(self, hidden_states, attention_mask):
    mixed = self.self_attention(hidden_states, attention_mask)
    between = self.add_norm(hidden_states, mixed, self.attention_dense, self.attention_dropout, self.attention_layer_norm)
    wide = self.interm_af(self.interm_dense(between))
    return self.add_norm(between, wide, self.out_dense, self.out_dropout, self.out_layer_norm)


class BertModel(BertPreTrainedModel):
  def __init__(self, config):
    super().__init__(config)
    self.config = config
    self.word_embedding = nn.Embedding(config.vocab_size, config.hidden_size, padding_idx=config.pad_token_id)
    self.pos_embedding = nn.Embedding(config.max_position_embeddings, config.hidden_size)
    self.tk_type_embedding = nn.Embedding(config.type_vocab_size, config.hidden_size)
    self.embed_layer_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
    self.embed_dropout = nn.Dropout(config.hidden_dropout_prob)
    self.register_buffer('position_ids', torch.arange(config.max_position_embeddings).unsqueeze(0))
    self.bert_layers = nn.ModuleList([BertLayer(config) for _ in range(config.num_hidden_layers)])
    self.pooler_dense = nn.Linear(config.hidden_size, config.hidden_size)
    self.pooler_af = nn.Tanh()
    self.init_weights()

  def embed(self, input_ids):
    length = input_ids.size(1)
    words = self.word_embedding(input_ids)
    places = self.pos_embedding(self.position_ids[:, :length])
    kinds = self.tk_type_embedding(torch.zeros(input_ids.size(), dtype=torch.long, device=input_ids.device))
    return self.embed_dropout(self.embed_layer_norm(words + places + kinds))

  def encode(self, hidden_states, attention_mask):
    extended_attention_mask = get_extended_attention_mask(attention_mask, self.dtype)
    for layer_module in self.bert_layers:
      hidden_states = layer_module(hidden_states, extended_attention_mask)
    return hidden_states

  def forward(self, input_ids, attention_mask):
    embedding_output = self.embed(input_ids=input_ids)
    sequence_output = self.encode(embedding_output, attention_mask=attention_mask)
    first = self.pooler_af(self.pooler_dense(sequence_output[:, 0]))
    return {'last_hidden_state': sequence_output, 'pooler_output': first}
