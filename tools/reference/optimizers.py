"""Losses and parameters under PyTorch's optimizers, for the tests of @llm101/training.

    pip install torch
    python tools/reference/optimizers.py > packages/training/test/fixtures/optimizers.json

A layer of 3 inputs and 4 outputs on 5 rows: parameters weight sin(i / 3) and bias cos(i), inputs cos(i / 5), targets
sin(i / 2). The loss is 4 times the mean square of tanh(x w + b) - targets. Each case makes 12 steps; the learning rate
of step n, counted from 0, is lr, with `decaying` lr / (1 + n / 4). In the cases of `late` the bias is left out of the loss, so
that it has no gradient, at the steps of ABSENT.

Muon changes the weight alone, AdamW the bias. ScheduleFreeAdamW is written down from the paper (Defazio et al., 2024, algorithm 1,
with the weights of the Python package schedulefree), in double; `evaluated` are its means, or those of AveragedModel. `matrices` are
matrices of other shapes after three steps of Muon by gradients sin((i i mod 101) / 7 + step).
"""

import json

import torch
from torch import optim
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS = 12
ABSENT = {0, 1, 2, 6, 7}


def wave(shape, function, period):
    count = torch.Size(shape).numel()
    return function(torch.arange(count, dtype=torch.float32) / period).reshape(shape)


class Several:
    """Optimizers of a parameter each, as one."""

    def __init__(self, *optimizers):
        self.optimizers = optimizers
        self.param_groups = [group for o in optimizers for group in o.param_groups]

    def zero_grad(self):
        for optimizer in self.optimizers:
            optimizer.zero_grad()

    def step(self):
        for optimizer in self.optimizers:
            optimizer.step()

    def state_dict(self):
        states = [o.state_dict()["state"].get(0, {}) for o in self.optimizers]
        return {"state": dict(enumerate(states))}


class ScheduleFreeAdamW(optim.Optimizer):
    """The parameter is y in training; x is the mean, z what steps change."""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, r=0, power=2):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**defaults, "r": r, "power": power})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for y in group["params"]:
                if y.grad is not None:
                    self.step_of(y, group)

    def step_of(self, y, group):
        beta1, beta2 = group["betas"]
        state = self.state[y]
        if not state:
            zero = torch.zeros_like(y)
            state.update(n=0, x=y.clone(), z=y.clone(), exp_avg_sq=zero, weight_sum=0, lr_max=0)
        state["n"] += 1
        n = state["n"]
        state["exp_avg_sq"] = beta2 * state["exp_avg_sq"] + (1 - beta2) * y.grad**2
        scaled = y.grad / ((state["exp_avg_sq"] / (1 - beta2**n)).sqrt() + group["eps"])
        state["z"] = state["z"] - group["lr"] * (scaled + group["weight_decay"] * y)
        state["lr_max"] = max(state["lr_max"], group["lr"])
        weight = n ** group["r"] * state["lr_max"] ** group["power"]
        state["weight_sum"] += weight
        c = weight / state["weight_sum"]
        state["x"] = (1 - c) * state["x"] + c * state["z"]
        y.copy_((1 - beta1) * state["z"] + beta1 * state["x"])


def run(make, clip=None, decaying=False, late=False, dtype=torch.float32, average=None):
    weight = wave((3, 4), torch.sin, 3).to(dtype).requires_grad_()
    bias = wave((4,), torch.cos, 1).to(dtype).requires_grad_()
    inputs, targets = wave((5, 3), torch.cos, 5).to(dtype), wave((5, 4), torch.sin, 2).to(dtype)
    optimizer = make(weight, bias)
    holder = torch.nn.ParameterList([weight, bias])
    if average is not None:
        averaged = AveragedModel(holder, multi_avg_fn=get_ema_multi_avg_fn(average))
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
        if average is not None:
            averaged.update_parameters(holder)
        losses.append(loss.item())
    state = {
        f"{i}.{name}": value.tolist() if isinstance(value, torch.Tensor) else [value]
        for i, slots in optimizer.state_dict()["state"].items()
        for name, value in slots.items()
        if name not in ("step", "n", "x")
    }
    figures = {"losses": losses, "weight": weight.tolist(), "bias": bias.tolist(), "state": state}
    if isinstance(optimizer, ScheduleFreeAdamW):
        figures["evaluated"] = [optimizer.state[p]["x"].flatten().tolist() for p in (weight, bias)]
    if average is not None:
        figures["evaluated"] = [p.flatten().tolist() for p in averaged.module]
    return {**figures, **({"norms": norms} if norms else {})}


def muon_of(shape, **options):
    """A matrix sin(i / 3) after three steps."""
    matrix = wave(shape, torch.sin, 3).requires_grad_()
    optimizer = optim.Muon([matrix], **options)
    for step in range(3):
        index = torch.arange(matrix.numel())
        matrix.grad = torch.sin(index * index % 101 / 7 + step).reshape(shape)
        optimizer.step()
    return {"shape": list(shape), "values": matrix.flatten().tolist()}


def both(optimizer, **options):
    return lambda weight, bias: optimizer([weight, bias], **options)


def groups(optimizer, weight_options, bias_options, **options):
    return lambda weight, bias: optimizer(
        [{"params": [weight], **weight_options}, {"params": [bias], **bias_options}], **options
    )


def muon(options, **adamw):
    return lambda weight, bias: Several(
        optim.Muon([weight], **options), optim.AdamW([bias], **adamw)
    )


SGD, Adam, AdamW = optim.SGD, optim.Adam, optim.AdamW
DOUBLE = {"dtype": torch.float64}
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
cases |= {
    "Muon": run(muon({"lr": 0.05}, lr=0.05)),
    "Muon, plain momentum, no decay": run(
        muon({"lr": 0.1, "nesterov": False, "momentum": 0.8, "weight_decay": 0}, lr=0.02)
    ),
    "Muon, as AdamW, decaying rate": run(
        muon({"lr": 0.05, "adjust_lr_fn": "match_rms_adamw", "weight_decay": 0.3}, lr=0.05),
        decaying=True,
    ),
    "Muon, clipped": run(muon({"lr": 0.05}, lr=0.05), clip=0.5),
    "schedule-free": run(both(ScheduleFreeAdamW, lr=0.05), **DOUBLE),
    "schedule-free, weight decay, betas, decaying rate": run(
        both(ScheduleFreeAdamW, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2),
        decaying=True,
        **DOUBLE,
    ),
    "schedule-free, powers": run(both(ScheduleFreeAdamW, lr=0.05, r=1, power=0.5), **DOUBLE),
    "AdamW, averaged": run(both(AdamW, lr=0.05), average=0.8),
}
matrices = {
    "tall": muon_of((7, 3), lr=0.1),
    "tall, as AdamW": muon_of((7, 3), lr=0.1, adjust_lr_fn="match_rms_adamw"),
    "wide": muon_of((5, 24), lr=0.1),
    "square": muon_of((16, 16), lr=0.1, weight_decay=0),
    "other polynomial": muon_of((6, 9), lr=0.1, ns_coefficients=(2, -1.5, 0.5), ns_steps=3),
}
late = {
    "Muon": run(muon({"lr": 0.05}, lr=0.05), late=True),
    "schedule-free": run(both(ScheduleFreeAdamW, lr=0.05), late=True, **DOUBLE),
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
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.8g}")


producer = f"tools/reference/optimizers.py, torch {torch.__version__}"
figures = {"cases": rounded(cases), "late": rounded(late), "matrices": rounded(matrices)}
print(json.dumps({"producer": producer, **figures}, indent=1))
