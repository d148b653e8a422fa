"""Outputs and gradients of tfjs' operations, computed by PyTorch, for the tests of @llm101/wasm.

    pip install torch
    python tools/reference/operations.py > packages/wasm/test/fixtures/operations.json

The first input is 2 sin(i / 3), others cos(i / 5), a function's loss the sum of its output times cos(i / 7). Images are
`[B, H, W, C]`, as tfjs has them; the filter of a depthwise convolution is `[FH, FW, C, M]`.
"""

import json

import torch
from torch.nn import functional as F

from figures import figures


EINSUMS = {
    "ij,jk->ik": [(3, 4), (4, 5)],
    "ij,kj->ki": [(3, 4), (5, 4)],
    "bij,bjk->bik": [(2, 3, 4), (2, 4, 5)],
    "bthd,bshd->bhts": [(2, 3, 2, 4), (2, 5, 2, 4)],
    "bhts,bshd->bthd": [(2, 2, 3, 5), (2, 5, 2, 4)],
    "abc,cd->dab": [(2, 3, 4), (4, 5)],
    "bi,bi->b": [(3, 5), (3, 5)],
    "bi,bi->ib": [(3, 5), (3, 5)],
    "i,j->ij": [(4,), (5,)],
    "ij,ij->": [(3, 4), (3, 4)],
    "ijk,j->k": [(2, 3, 4), (3,)],
    "ij,kl->j": [(2, 3), (4, 5)],
    ",ij->ji": [(), (3, 4)],
    "ij->ji": [(3, 4)],
    "ijk->kj": [(2, 3, 4)],
    "ij->": [(3, 4)],
    "ij->ij": [(3, 4)],
}


def first(x):
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


def depthwise(stride, padding):
    def run(x, filter):
        FH, FW, C, M = filter.shape
        weight = filter.permute(2, 3, 0, 1).reshape(C * M, 1, FH, FW)
        return last(F.conv2d(first(x), weight, stride=stride, padding=padding, groups=C))

    return run


print(
    json.dumps(
        {
            "producer": f"tools/reference/operations.py, torch {torch.__version__}, no seed: nothing is drawn",
            **{
                f"einsum {equation}": figures(lambda *x, e=equation: torch.einsum(e, *x), *shapes)
                for equation, shapes in EINSUMS.items()
            },
            "depthwiseConv2d": figures(depthwise(1, 1), (2, 5, 4, 3), (3, 3, 3, 1)),
            "depthwiseConv2d, two for each channel, stride 2": figures(
                depthwise(2, 0), (2, 5, 6, 5), (2, 3, 5, 2)
            ),
            "maxPool": figures(lambda x: last(F.max_pool2d(first(x), 3, 2, 1)), (2, 5, 4, 3)),
            "avgPool": figures(
                lambda x: last(F.avg_pool2d(first(x), 3, 2, 1, count_include_pad=False)), (2, 5, 4, 3)
            ),
            "gather": figures(
                lambda x: torch.gather(x, 1, torch.tensor([[2, 0], [1, 1]])), (2, 3)
            ),
        },
        indent=1,
    )
)
