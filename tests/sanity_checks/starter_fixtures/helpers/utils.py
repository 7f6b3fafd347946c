import os
import shutil
from typing import Dict, Optional
import requests
import torch
from filelock import FileLock
from tqdm.auto import tqdm
import importlib_metadata
from boto3 import client

__version__ = importlib_metadata.version("torch")
print("helper file of a made-up course")


def get_parameter_dtype(parameter):
  return next(parameter.parameters()).dtype


def get_extended_attention_mask(attention_mask, dtype):
  if attention_mask.dim() == 3:
    wide = attention_mask[:, None, :, :]
  else:
    wide = attention_mask[:, None, None, :]
  wide = wide.to(dtype=dtype)
  return (1.0 - wide) * -10000.0
