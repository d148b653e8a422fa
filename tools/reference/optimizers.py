"""Losses and parameters under PyTorch's optimizers, for the tests of @llm101/training.

    pip install torch
    python tools/reference/optimizers.py > packages/training/test/fixtures/optimizers.json

A layer of 3 inputs and 4 outputs on 5 rows: parameters weight sin(i / 3) and bias cos(i), inputs cos(i / 5), targets
sin(i / 2). The loss is 4 times the mean square of tanh(x w + b) - targets. Each case makes 12 steps; the learning rate
of step n, counted from 0, is lr, with `decaying` lr / (1 + n / 4). In the cases of `late` the bias is left out of the loss, so
that it has no gradient, at the steps of ABSENT.
"""

import json

import torch
from torch import optim

STEPS = 12
ABSENT = {0, 1, 2, 6, 7}


def wave(shape, function, period):
    count = torch.Size(shape).numel()
    return function(torch.arange(count, dtype=torch.float32) / period).reshape(shape)


def run(make, clip=None, decaying=False, late=False):
    weight = wave((3, 4), torch.sin, 3).requires_grad_()
    bias = wave((4,), torch.cos, 1).requires_grad_()
    inputs, targets = wave((5, 3), torch.cos, 5), wave((5, 4), torch.sin, 2)
    optimizer = make(weight, bias)
    rates = [group["lr"] for group in optimizer.param_groups]
    losses, norms = [], []
    for step in range(STEPS):
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate / (1 + step / 4) if decaying else rate
        optimizer.zero_grad()
        y = inputs @ weight if late and step in ABSENT else inputs @ weight + bias
        loss = 4 * (torch.tanh(y) - targets).square().mean()
        loss.backward()
        if clip is not None:
            norms.append(torch.nn.utils.clip_grad_norm_([weight, bias], clip).item())
        optimizer.step()
        losses.append(loss.item())
    state = {
        f"{i}.{name}": value.tolist()
        for i, slots in optimizer.state_dict()["state"].items()
        for name, value in slots.items()
        if name != "step"
    }
    figures = {"losses": losses, "weight": weight.tolist(), "bias": bias.tolist(), "state": state}
    return {**figures, **({"norms": norms} if norms else {})}


def both(optimizer, **options):
    return lambda weight, bias: optimizer([weight, bias], **options)


def groups(optimizer, weight_options, bias_options, **options):
    return lambda weight, bias: optimizer(
        [{"params": [weight], **weight_options}, {"params": [bias], **bias_options}], **options
    )


SGD, Adam, AdamW = optim.SGD, optim.Adam, optim.AdamW
cases = {
    "sgd": run(both(SGD, lr=0.1)),
    "sgd, weight decay": run(both(SGD, lr=0.1, weight_decay=0.2)),
    "momentum": run(both(SGD, lr=0.1, momentum=0.9)),
    "momentum, weight decay, decaying rate": run(
        both(SGD, lr=0.1, momentum=0.9, weight_decay=0.2), decaying=True
    ),
    "momentum, dampening": run(both(SGD, lr=0.1, momentum=0.9, dampening=0.3)),
    "Nesterov": run(both(SGD, lr=0.1, momentum=0.9, nesterov=True)),
    "Nesterov, weight decay": run(both(SGD, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.1)),
    "Adam": run(both(Adam, lr=0.05)),
    "Adam, weight decay, betas, epsilon": run(
        both(Adam, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2)
    ),
    "Adam, decaying rate": run(both(Adam, lr=0.05), decaying=True),
    "AdamW": run(both(AdamW, lr=0.05)),
    "AdamW, weight decay": run(both(AdamW, lr=0.05, weight_decay=0.3)),
    "AdamW, decaying rate": run(both(AdamW, lr=0.05, weight_decay=0.3), decaying=True),
    "sgd, clipped": run(both(SGD, lr=0.3), clip=0.5),
    "momentum, clipped": run(both(SGD, lr=0.1, momentum=0.9), clip=0.5),
    "AdamW, clipped": run(both(AdamW, lr=0.05), clip=0.5),
    "sgd, groups": run(groups(SGD, {"weight_decay": 0.2}, {"lr": 0.02}, lr=0.1, momentum=0.9)),
    "AdamW, groups": run(
        groups(AdamW, {"weight_decay": 0.3}, {"weight_decay": 0}, lr=0.05), decaying=True
    ),
    "AdamW, groups with rates": run(groups(AdamW, {}, {"lr": 0.01}, lr=0.05), decaying=True),
}
late = {
    "sgd, weight decay": run(both(SGD, lr=0.1, weight_decay=0.2), late=True),
    "momentum, weight decay, decaying rate": run(
        both(SGD, lr=0.1, momentum=0.9, weight_decay=0.2), decaying=True, late=True
    ),
    "momentum, dampening": run(both(SGD, lr=0.1, momentum=0.9, dampening=0.3), late=True),
    "Nesterov": run(both(SGD, lr=0.1, momentum=0.9, nesterov=True), late=True),
    "Adam, weight decay, betas, epsilon": run(
        both(Adam, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2), late=True
    ),
    "Adam": run(both(Adam, lr=0.05), late=True),
    "AdamW, weight decay": run(both(AdamW, lr=0.05, weight_decay=0.3), late=True),
    "AdamW, clipped": run(both(AdamW, lr=0.05), clip=0.5, late=True),
    "AdamW, groups with rates": run(
        groups(AdamW, {}, {"lr": 0.01}, lr=0.05), decaying=True, late=True
    ),
}


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.8g}")


producer = f"tools/reference/optimizers.py, torch {torch.__version__}"
print(json.dumps({"producer": producer, "cases": rounded(cases), "late": rounded(late)}, indent=1))
