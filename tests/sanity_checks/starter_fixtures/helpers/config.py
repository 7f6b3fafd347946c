"""A stand-in for the configuration file that a course hands out with its starter; only the public names are the course's."""


class PretrainedConfig(object):
  model_type = ""

  def __init__(self, **kwargs):
    self.name_or_path = str(kwargs.pop("name_or_path", ""))
    self.num_labels = kwargs.pop("num_labels", 2)
    for key, value in kwargs.items():
      setattr(self, key, value)


class BertConfig(PretrainedConfig):
  model_type = "bert"

  def __init__(self, vocab_size=30522, hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072, hidden_act="gelu",
               hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1, max_position_embeddings=512, type_vocab_size=2, initializer_range=0.02,
               layer_norm_eps=1e-12, pad_token_id=0, **kwargs):
    super().__init__(**kwargs)
    settings = dict(locals())
    for name in ("self", "kwargs", "__class__"):
      settings.pop(name)
    for name, value in settings.items():
      setattr(self, name, value)
