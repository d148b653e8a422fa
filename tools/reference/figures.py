"""Inputs, and the outputs and gradients that PyTorch gives for them, of kernels.py and operations.py."""

import math

import torch


def wave(shape, function, period, scale=1):
    count = torch.Size(shape).numel()
    values = scale * function(torch.arange(count, dtype=torch.float64) / period)
    return values.float().reshape(shape)  # rounded once, as JavaScript does it


def plain(tensors):
    return {
        name: {"shape": list(t.shape), "values": [float(f"{v:.8g}") for v in t.flatten().tolist()]}
        for name, t in tensors.items()
    }


def figures(function, *shapes):
    x = wave(shapes[0], torch.sin, 3, 2)
    inputs = [x, *(wave(shape, torch.cos, 5) for shape in shapes[1:])]
    for value in inputs:
        value.requires_grad_()
    y = function(*inputs)
    (y * wave(y.shape, torch.cos, 7)).sum().backward()
    return plain({"output": y, **{f"grad.{i}": value.grad for i, value in enumerate(inputs)}})


def mix(x):
    """lowbias32 on Python's integers."""
    x ^= x >> 16
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> 15
    x = x * 0x846CA68B & 0xFFFFFFFF
    return x ^ x >> 16


def dropout_factors(rate, seed, counter, size):
    """What a dropout of ours multiplies by."""
    key = mix(seed ^ mix(counter))
    bits = (mix(mix(i ^ key) + key & 0xFFFFFFFF) for i in range(size))
    kept = [float(b >> 8 >= math.ceil(rate * 2**24)) for b in bits]
    return torch.tensor(kept) / (1 - rate)
