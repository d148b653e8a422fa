"""Learning rates of PyTorch's schedulers, for the tests of @llm101/training.

    pip install torch
    python tools/reference/schedules.py > packages/training/test/fixtures/schedules.json

Each case holds the rates of steps 0 … 39.
"""

import json
import warnings

import torch
from torch.optim import SGD, lr_scheduler as lr

warnings.simplefilter("ignore")  # that scheduler.step() comes before optimizer.step()
STEPS = 40


def rates(rate, make):
    optimizer = SGD([torch.zeros(1)], lr=rate)
    scheduler = make(optimizer)
    values = []
    for _ in range(STEPS):
        values.append(float(f"{optimizer.param_groups[0]['lr']:.12g}"))
        if len(values) < STEPS:
            optimizer.step()
            scheduler.step()
    return values


def warmed(steps, make):
    return lambda optimizer: lr.SequentialLR(
        optimizer,
        [lr.LinearLR(optimizer, start_factor=1 / (steps + 1), total_iters=steps), make(optimizer)],
        milestones=[steps],
    )


cases = {
    "constant": rates(0.1, lambda o: lr.ConstantLR(o, factor=1)),
    "step": rates(0.1, lambda o: lr.StepLR(o, step_size=7, gamma=0.5)),
    "cosine": rates(0.1, lambda o: lr.CosineAnnealingLR(o, T_max=40)),
    "cosine, final rate": rates(0.1, lambda o: lr.CosineAnnealingLR(o, T_max=40, eta_min=0.02)),
    "cosine, warm-up": rates(0.1, warmed(10, lambda o: lr.CosineAnnealingLR(o, T_max=30))),
    "linear": rates(0.1, lambda o: lr.LinearLR(o, start_factor=1, end_factor=0, total_iters=30)),
    "linear, final rate, warm-up": rates(
        0.1, warmed(10, lambda o: lr.LinearLR(o, start_factor=1, end_factor=0.2, total_iters=20))
    ),
    "step, warm-up": rates(0.1, warmed(5, lambda o: lr.StepLR(o, step_size=10, gamma=0.1))),
    "one cycle": rates(0.1, lambda o: lr.OneCycleLR(o, 0.1, total_steps=40, cycle_momentum=False)),
    "one cycle, own shape": rates(
        0.1,
        lambda o: lr.OneCycleLR(
            o,
            0.1,
            total_steps=40,
            pct_start=0.51,
            div_factor=10,
            final_div_factor=50,
            cycle_momentum=False,
        ),
    ),
}
producer = f"tools/reference/schedules.py, torch {torch.__version__}"
print(json.dumps({"producer": producer, "cases": cases}, indent=1))
