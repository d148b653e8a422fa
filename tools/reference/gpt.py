"""Scores and gradients of small GPTs, computed by PyTorch, for the tests of @llm101/models.

    pip install torch
    python tools/reference/gpt.py > packages/models/test/fixtures/gpt.json

Each is made right after manual_seed(101), its parameters under the names that ours have. The loss is the sum of the scores times
cos(i / 5).
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional as F

from figures import wave

VOCABULARY, CONTEXT, WIDTH, HEADS, LAYERS, HIDDEN = 7, 6, 8, 4, 2, 10
TOKENS = torch.tensor([[0, 3, 1, 6, 2, 2], [5, 4, 0, 1, 1, 5]])

GPT2 = {
    "body": "transformer.",
    "embedding": "wte",
    "positions": "wpe",
    "blocks": "h",
    "norm": "ln_f",
    "head": "lm_head",
    "norm1": "ln_1",
    "norm2": "ln_2",
    "attention": ("attn", "c_attn", "", "", "", "c_proj", "q_norm", "k_norm"),
    "mlp": ("mlp", "c_gate", "c_fc", "c_proj"),
}
LLAMA = {
    "body": "model.",
    "embedding": "embed_tokens",
    "positions": "",
    "blocks": "layers",
    "norm": "norm",
    "head": "lm_head",
    "norm1": "input_layernorm",
    "norm2": "post_attention_layernorm",
    "attention": ("self_attn", "qkv_proj", "q_proj", "k_proj", "v_proj", "o_proj", "q_norm", "k_norm"),
    "mlp": ("mlp", "gate_proj", "up_proj", "down_proj"),
}
COURSE = {
    "body": "",
    "embedding": "token_embedding",
    "positions": "positional_embedding",
    "blocks": "layers",
    "norm": "layer_norm",
    "head": "linear",
    "norm1": "layer_norm1",
    "norm2": "layer_norm2",
    "attention": ("self_attention", "", "query", "key", "value", "out", "", ""),
    "mlp": ("feed_forward", "", "fc1", "fc2"),
}


class GPT:
    """Modules in a dictionary by name, in the order in which they are made."""

    def __init__(self, names, kv_heads=HEADS, joint=True, rotary=False, rms=False, qk_norm=False,
                 activation="gelu", biases=(), tied=True, as_gpt2=True):
        self.names, self.kv_heads, self.joint, self.rotary = names, kv_heads, joint, rotary
        self.activation, self.tied = activation, tied
        self.modules = {}
        d = WIDTH // HEADS
        narrow = kv_heads * d
        body = names["body"]

        def norm(name, size=WIDTH, is_rms=rms):
            made = nn.RMSNorm(size, 1e-5) if is_rms else nn.LayerNorm(size, bias="norm" in biases)
            self.modules[name] = made

        def linear(name, inputs, outputs, where):
            self.modules[name] = nn.Linear(inputs, outputs, bias=where in biases)

        self.modules[body + names["embedding"]] = nn.Embedding(VOCABULARY, WIDTH)
        if not rotary:
            self.modules[body + names["positions"]] = nn.Embedding(CONTEXT, WIDTH)
        for i in range(LAYERS):
            block = f"{body}{names['blocks']}.{i}."
            norm(block + names["norm1"])
            inside, qkv, q, k, v, out, q_norm, k_norm = names["attention"]
            inside = f"{block}{inside}."
            if joint:
                linear(inside + qkv, WIDTH, WIDTH + 2 * narrow, "attention")
            else:
                linear(inside + q, WIDTH, WIDTH, "attention")
                linear(inside + k, WIDTH, narrow, "attention")
                linear(inside + v, WIDTH, narrow, "attention")
            linear(inside + out, WIDTH, WIDTH, "attention")
            if qk_norm:
                norm(inside + q_norm, d, True)
                norm(inside + k_norm, d, True)
            norm(block + names["norm2"])
            inside, gate, up, down = names["mlp"]
            inside = f"{block}{inside}."
            if activation == "swiglu":
                linear(inside + gate, WIDTH, HIDDEN, "feedForward")
            linear(inside + up, WIDTH, HIDDEN, "feedForward")
            linear(inside + down, HIDDEN, WIDTH, "feedForward")
        norm(body + names["norm"])
        linear(names["head"], WIDTH, VOCABULARY, "head")
        if tied:
            self.modules[body + names["embedding"]].weight = self.modules[names["head"]].weight
        if as_gpt2:
            self.initialise()
        if tied:
            del self.modules[names["head"]]

    @torch.no_grad()
    def initialise(self):
        """As nanoGPT does it."""
        for module in self.modules.values():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                module.weight.normal_(0, 0.02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                module.bias.zero_()
        last = (self.names["attention"][5], self.names["mlp"][3])
        for name, module in self.modules.items():
            if name.rsplit(".", 1)[-1] in last and ("attn." in name or "mlp." in name):
                module.weight.normal_(0, 0.02 / math.sqrt(2 * LAYERS))

    def parameters(self):
        return {
            f"{name}.{key}": value
            for name, module in self.modules.items()
            for key, value in module.named_parameters()
        }

    def attend(self, inside, x):
        _, qkv, q, k, v, out, q_norm, k_norm = self.names["attention"]
        d = WIDTH // HEADS
        narrow = self.kv_heads * d
        if self.joint:
            parts = self.modules[inside + qkv](x).split([WIDTH, narrow, narrow], -1)
        else:
            parts = [self.modules[inside + name](x) for name in (q, k, v)]
        query, key, value = (part.unflatten(-1, (-1, d)).transpose(1, 2) for part in parts)
        if inside + q_norm in self.modules:
            query = self.modules[inside + q_norm](query)
            key = self.modules[inside + k_norm](key)
        if self.rotary:
            query, key = rotated(query), rotated(key)
        y = F.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=True)
        return self.modules[inside + out](y.transpose(1, 2).flatten(2))

    def feed_forward(self, inside, x):
        _, gate, up, down = self.names["mlp"]
        h = self.modules[inside + up](x)
        if self.activation == "swiglu":
            h = F.silu(self.modules[inside + gate](x)) * h
        elif self.activation == "squared-relu":
            h = F.relu(h) ** 2
        else:
            h = F.gelu(h, approximate="tanh" if self.activation == "gelu-tanh" else "none")
        return self.modules[inside + down](h)

    def __call__(self, tokens):
        names, body = self.names, self.names["body"]
        embedding = self.modules[body + names["embedding"]]
        x = embedding(tokens)
        if not self.rotary:
            x = x + self.modules[body + names["positions"]].weight[: tokens.shape[1]]
        for i in range(LAYERS):
            block = f"{body}{names['blocks']}.{i}."
            y = self.modules[block + names["norm1"]](x)
            x = x + self.attend(f"{block}{names['attention'][0]}.", y)
            y = self.modules[block + names["norm2"]](x)
            x = x + self.feed_forward(f"{block}{names['mlp'][0]}.", y)
        x = self.modules[body + names["norm"]](x)
        return x @ embedding.weight.T if self.tied else self.modules[names["head"]](x)


def rotated(x):
    """Hugging Face's rotary positions, [B, heads, T, d]."""
    d = x.shape[-1]
    angles = torch.arange(x.shape[-2])[:, None] * 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    angles = torch.cat([angles, angles], -1)
    swapped = torch.cat([-x[..., d // 2 :], x[..., : d // 2]], -1)
    return x * angles.cos().float() + swapped * angles.sin().float()


def figures(names, **parts):
    torch.manual_seed(101)
    model = GPT(names, **parts)
    y = model(TOKENS)
    (y * wave(y.shape, torch.cos, 5)).sum().backward()
    tensors = {"output": y, **{f"grad.{name}": p.grad for name, p in model.parameters().items()}}
    return {
        name: {"shape": list(t.shape), "values": [float(f"{v:.7g}") for v in t.flatten().tolist()]}
        for name, t in tensors.items()
    }


everywhere = ("attention", "feedForward", "norm")
modern = {"rotary": True, "rms": True, "activation": "swiglu"}
print(
    json.dumps(
        {
            "producer": f"tools/reference/gpt.py, torch {torch.__version__}, seed 101",
            "nanoGPT's": figures(GPT2),
            "GPT-2's": figures(GPT2, biases=everywhere, activation="gelu-tanh"),
            "the course's": figures(
                COURSE, joint=False, biases=("feedForward", "norm"), tied=False, as_gpt2=False
            ),
            "lecture 7's": figures(
                COURSE, joint=False, biases=("feedForward", "norm", "head"), tied=False, as_gpt2=False
            ),
            "Llama's": figures(LLAMA, joint=False, kv_heads=2, tied=False, **modern),
            "joint, with rotary positions": figures(LLAMA, kv_heads=1, qk_norm=True, **modern),
            "QK-normed, with squared ReLU": figures(
                GPT2, qk_norm=True, activation="squared-relu", rms=True, as_gpt2=False
            ),
        }
    )
)
