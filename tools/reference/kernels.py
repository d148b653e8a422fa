"""Outputs and gradients of functions and steps of optimizers, computed by PyTorch, for the tests of @llm101/wasm.

    pip install torch
    python tools/reference/kernels.py > packages/wasm/test/fixtures/kernels.json

Inputs are 2 sin(i / 3), other parameters cos(i / 5), a function's loss the sum of its output times cos(i / 7). An
optimizer's parameter starts as sin(i / 3); its gradient at step t (from 1) is cos(i / 5 + t).
"""

import json

import torch
from torch.nn import functional as F

from figures import dropout_factors, figures, plain, wave


TARGETS = torch.tensor([3, 0, 6, 2])


def cross_entropy(x):
    return F.cross_entropy(x, TARGETS, reduction="none")


STARTS = torch.tensor([[0, 0, 0, 3, 3, 3], [0, 1, 1, 1, 4, 4]])


def attention(qkv):
    """Four heads; each position sees its own text up to itself."""
    B, T, C = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
    query, key, value = (part.view(B, T, 4, C // 4).transpose(1, 2) for part in qkv.chunk(3, -1))
    place = torch.arange(T)
    seen = (place >= STARTS[..., None]) & (place <= place[:, None])  # [B, T, T]
    y = F.scaled_dot_product_attention(query, key, value, attn_mask=seen[:, None])
    return y.transpose(1, 2).reshape(B, T, C)


def dropping_attention(qkv):
    """The same without texts, some of the probabilities dropped."""
    B, T, C = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
    query, key, value = (part.view(B, T, 4, C // 4).transpose(1, 2) for part in qkv.chunk(3, -1))
    hidden = torch.full((T, T), -torch.inf).triu(1)
    p = F.softmax(query @ key.transpose(2, 3) / (C // 4) ** 0.5 + hidden, -1)
    factors = dropout_factors(0.3, 0xDEADBEEF, 41, p.numel()).view(p.shape)
    return (p * factors @ value).transpose(1, 2).reshape(B, T, C)


def grouped_attention(query, key, value):
    """Four heads on two of keys and values, each position in its own text."""
    B, T, C = query.shape
    q = query.view(B, T, 4, C // 4).transpose(1, 2)
    k, v = (x.view(B, T, 2, C // 4).transpose(1, 2) for x in (key, value))
    place = torch.arange(T)
    seen = (place >= STARTS[..., None]) & (place <= place[:, None])  # [B, T, T]
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None], enable_gqa=True)
    return y.transpose(1, 2).reshape(B, T, C)


PLACES = torch.tensor([[0, 1, 2], [4, 0, 3]])


def rotary(x):
    """Heads of six channels, as Hugging Face's Llama turns them, by whole angles."""
    angles = PLACES[..., None, None] * torch.arange(1, 4).repeat(2)
    heads = x.view(2, 3, 2, 6)
    turned = torch.cat((-heads[..., 3:], heads[..., :3]), -1)
    return (heads * angles.cos() + turned * angles.sin()).reshape(x.shape)


def gru_cell(products, hidden, state):
    """What nn.GRUCell does with its products."""
    r, z = ((products + hidden)[:, i * 5 : i * 5 + 5].sigmoid() for i in range(2))
    n = torch.tanh(products[:, 10:] + r * hidden[:, 10:])
    return n + z * (state - n)


def lstm_cell(x, cell):
    """What nn.LSTMCell does with its products' sum: hidden states and cells side by side."""
    i, f, g, o = x.chunk(4, 1)
    kept = f.sigmoid() * cell + i.sigmoid() * g.tanh()
    return torch.cat((o.sigmoid() * kept.tanh(), kept), 1)


def steps(make, **settings):
    weight = torch.nn.Parameter(wave((7,), torch.sin, 3))
    optimizer = make([weight], lr=0.1, **settings)
    after = {}
    for step in range(1, 6):
        weight.grad = torch.cos(torch.arange(7, dtype=torch.float32) / 5 + step)
        optimizer.step()
        after[str(step)] = weight.detach().clone()
    state = {name: t for name, t in optimizer.state[weight].items() if t is not None and t.ndim > 0}
    return {"settings": settings, **plain({**after, **state})}


SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW

print(
    json.dumps(
        {
            "producer": f"tools/reference/kernels.py, torch {torch.__version__}, no seed: nothing is drawn",
            "crossEntropy": figures(cross_entropy, (4, 7)),
            "logSoftmax": figures(lambda x: F.log_softmax(x, -1), (4, 7)),
            "layerNorm": figures(lambda x, w, b: F.layer_norm(x, [5], w, b, 1e-5), (2, 3, 5), (5,), (5,)),
            "causalAttention": figures(attention, (2, 6, 36)),
            "causalAttentionDropout": figures(dropping_attention, (2, 6, 36)),
            "separateAttention": figures(grouped_attention, (2, 6, 12), (2, 6, 6), (2, 6, 6)),
            "rmsNorm": figures(lambda x, w: F.rms_norm(x, [5], w, 1e-5), (2, 3, 5), (5,)),
            "rotaryPositions": figures(rotary, (2, 3, 12)),
            "swiglu": figures(lambda gate, x: F.silu(gate) * x, (37,), (37,)),
            "squaredRelu": figures(lambda x: F.relu(x + 0.2).square(), (37,)),
            "gatedActivation": figures(lambda x: x[:, :5].tanh() * x[:, 5:].sigmoid(), (3, 10)),
            "gruCell": figures(gru_cell, (3, 15), (3, 15), (3, 5)),
            "lstmCell": figures(lstm_cell, (3, 20), (3, 5)),
            "gelu": figures(F.gelu, (37,)),
            "geluByTanh": figures(lambda x: F.gelu(x, approximate="tanh"), (37,)),
            "momentum": steps(SGD, momentum=0.9),
            "nesterov": steps(SGD, momentum=0.9, nesterov=True, weight_decay=0.1),
            "dampened": steps(SGD, momentum=0.8, dampening=0.3, weight_decay=0.1),
            "adam": steps(ADAM, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1),
            "adamW": steps(ADAMW, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1),
            "quickAdamW": steps(ADAMW, betas=(0.3, 0.5), eps=1e-3, weight_decay=0.0),
        },
        indent=1,
    )
)
