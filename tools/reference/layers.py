"""Outputs and gradients of single layers, computed by PyTorch, for the tests of @llm101/models.

    pip install torch
    python tools/reference/layers.py > packages/models/test/fixtures/layers.json

Each layer is made right after manual_seed(101). Its input is sin(i / 3), its loss the sum of output times cos(i / 5).
"""

import json

import torch
from torch import nn


def wave(shape, function, period):
    count = torch.Size(shape).numel()
    return function(torch.arange(count, dtype=torch.float32) / period).reshape(shape)


def figures(make, x, time_last=False):
    torch.manual_seed(101)
    layer = make()
    if x.is_floating_point():
        x.requires_grad_()
    y = layer(x.transpose(1, 2)).transpose(1, 2) if time_last else layer(x)
    (y * wave(y.shape, torch.cos, 5)).sum().backward()
    result = {"output": y, **{f"grad.{name}": p.grad for name, p in layer.named_parameters()}}
    if x.grad is not None:
        result["grad.input"] = x.grad
    return {
        name: {"shape": list(t.shape), "values": [float(f"{v:.7g}") for v in t.flatten().tolist()]}
        for name, t in result.items()
    }


def conv(in_channels, out_channels, kernel_size, **options):
    return lambda: nn.Conv1d(in_channels, out_channels, kernel_size, **options)


def channels_last(B, T, C):
    return wave((B, T, C), torch.sin, 3)


print(
    json.dumps(
        {
            "producer": f"tools/reference/layers.py, torch {torch.__version__}, seed 101",
            "embedding": figures(lambda: nn.Embedding(7, 3), torch.tensor([[0, 2, 2], [6, 0, 1]])),
            "linear": figures(lambda: nn.Linear(5, 4), wave((3, 5), torch.sin, 3)),
            "halving": figures(conv(3, 4, 2, stride=2), channels_last(2, 6, 3), True),
            "dense": figures(conv(2, 3, 3), channels_last(2, 5, 2), True),
            "strided": figures(conv(2, 3, 2, stride=3), channels_last(2, 7, 2), True),
            "dilated": figures(conv(2, 3, 2, dilation=2), channels_last(2, 6, 2), True),
            "uneven": figures(conv(2, 3, 2, stride=2), channels_last(2, 5, 2), True),
        },
        indent=1,
    )
)
