"""What kernels give at the edges of their domains, computed by PyTorch in float64, for the tests of @llm101/wasm.

    pip install torch
    python tools/reference/edges.py > packages/wasm/test/fixtures/edges.json

Each case has its inputs, float32 unless a type is named, its output and the gradient (of a long input: its first values) for the first input of the sum of the
output times cos(i / 7). Inputs are written down once, and named by their index. JSON has no NaN and no infinity: they are strings. An input of 228,146 values, as many as there are
names' characters, is not written down: value i is 4 + (7919 i mod 1009) / 1009.
"""

import json
import math

import torch
from torch.nn import functional as F

N = 228_146
INF, NAN = math.inf, math.nan
LONG = (4 + (7919 * torch.arange(N) % 1009).double() / 1009).float()
MANY = LONG[: N // 9 * 9].reshape(-1, 9)


def number(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return float(f"{value:.9g}") if isinstance(value, float) else int(value)


def plain(tensor):
    kind = {torch.float64: "float32", torch.float32: "float32", torch.bool: "bool"}.get(tensor.dtype, "int32")
    if tensor.numel() > 100_000:
        return {"dtype": "float32", "shape": list(tensor.shape), "values": "long"}
    return {"dtype": kind, "shape": list(tensor.shape), "values": [number(v) for v in tensor.flatten().tolist()]}


tensors = []


def index(value):
    if value not in tensors:
        tensors.append(value)
    return tensors.index(value)


def case(function, *inputs, gradient=True):
    exact = [x.double() if x.dtype == torch.float32 else x for x in inputs]
    gradient = gradient and inputs[0].dtype == torch.float32
    exact[0] = exact[0].clone().requires_grad_(gradient)
    y = function(*exact)
    result = {"inputs": [index(plain(x)) for x in inputs], "output": plain(y.detach())}
    if gradient:
        weights = torch.cos(torch.arange(y.numel(), dtype=torch.float64) / 7).float().double()
        (y * weights.reshape(y.shape)).sum().backward()
        flat = exact[0].grad.flatten()
        result["gradient"] = plain(flat if len(flat) < 100_000 else flat[:18])
    return result


def floats(*rows):
    return torch.tensor(rows, dtype=torch.float32)


def wave(*shape):
    count = math.prod(shape)
    return (2 * torch.sin(torch.arange(count, dtype=torch.float64) / 3 + 1)).float().reshape(shape)


ODD = floats([1, INF, -INF, 2], [NAN, 1, 2, 3], [3e38, 3e38, -3e38, 1], [-0.0, 0, 1e-45, -1e-38])
SPECIAL = floats(
    -INF, -3e38, -200, -100, -88.5, -20, -5, -2.5, -1.5, -1, -0.5, -1e-4, -1e-38, -1e-45, -0.0,
    0, 1e-45, 1e-38, 1e-4, 0.5, 1, 1.5, 2.5, 3, 5, 20, 88.5, 100, 200, 3e38, INF, NAN,
)  # fmt: skip
TAKEN = torch.tensor([[2, 0], [1, 1]])
LOGITS = floats(
    [1e4, -1e4, 0, 5, 1],
    [-1e30, 1e30, 1e30, 0, 0],
    [88, 89, 90, 91, 700],
    [-700, -701, -702, -703, -800],
    [3, 3, 3, 3, 3],
    [-INF, 0, 1, -INF, 2],
    [NAN, 0, 1, 2, 3],
)
CLASSES = torch.tensor([0, 1, 4, 2, 3, 4, 1])
PLAIN = {"[3, 5]": wave(3, 5), "[2, 3, 4]": wave(2, 3, 4), "[3, 3]": wave(3, 3), "[2, 0, 3]": torch.zeros(2, 0, 3)}


def first(x):
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


def pool(kind, size, stride, pad, ceil=False):
    options = {} if kind is F.max_pool2d else {"count_include_pad": False}
    return lambda x: last(kind(first(x), size, stride, pad, ceil_mode=ceil, **options))


cases = {}
for shape, x in PLAIN.items():
    for axis in [None, *range(x.ndim)]:
        over = tuple(range(x.ndim)) if axis is None else axis
        empty = x.numel() == 0
        where = f"{shape} {'all' if axis is None else axis}"
        cases[f"sum {where}"] = case(lambda x, a=over: x.sum(a), x)
        cases[f"mean {where}"] = case(lambda x, a=over: x.mean(a), x)
        cases[f"any {where}"] = case(lambda x, a=over: x.any(a) if a != over or axis is not None else x.any(), x > 1)
        cases[f"all {where}"] = case(lambda x, a=over: x.all(a) if a != over or axis is not None else x.all(), x > 1)
        if not empty:
            cases[f"max {where}"] = case(lambda x, a=over: x.amax(a), x)
            cases[f"min {where}"] = case(lambda x, a=over: x.amin(a), x)
            cases[f"logSumExp {where}"] = case(lambda x, a=over: x.logsumexp(a), x)
        if axis is None:
            cases[f"prod {where}"] = case(lambda x: x.prod(), x, gradient=not empty)
        else:
            cases[f"prod {where}"] = case(lambda x, a=axis: x.prod(a), x, gradient=not empty)
            cases[f"cumsum {where}"] = case(lambda x, a=axis: x.cumsum(a), x)
            cases[f"cumprod {where}"] = case(lambda x, a=axis: x.cumprod(a), x, gradient=False)
for axis in [0, 1]:
    for name, f in {
        "sum": lambda x: x.sum(axis), "mean": lambda x: x.mean(axis), "prod": lambda x: x.prod(axis),
        "max": lambda x: x.amax(axis), "min": lambda x: x.amin(axis), "cumsum": lambda x: x.cumsum(axis),
    }.items():  # fmt: skip
        cases[f"{name} odd {axis}"] = case(f, ODD, gradient=False)
for axis in [0, 1]:
    cases[f"prod zeros {axis}"] = case(lambda x: x.prod(axis), floats([2, 0, -3], [4, 5, 0], [6, 0, 0]))
cases["sum long all"] = case(lambda x: x.sum(), LONG)
cases["mean long all"] = case(lambda x: x.mean(), LONG)
cases["mean long 0"] = case(lambda x: x.mean(0), MANY)
cases["sum long 0"] = case(lambda x: x.sum(0), MANY)
cases["logSumExp long all"] = case(lambda x: x.logsumexp(0), LONG)
cases["norm long all"] = case(lambda x: x.norm(), LONG)

whole, flags = torch.tensor([-3, 0, 1, 256, 2**24, 2**31 - 1]).int(), torch.tensor([True, False, True])
fractions = floats(-2.5, -1, -0.5, -0.0, 0, 0.5, 0.999, 1.5, 255.7, 256, 16777216, -2147483648)
for name, x in {"float32": torch.cat([fractions, floats(NAN, INF, -INF)]), "int32": whole, "bool": flags}.items():
    cases[f"cast {name} bool"] = case(lambda x: x.bool(), x, gradient=False)
    cases[f"cast {name} float32"] = case(lambda x: x.float(), x, gradient=False)
    cases[f"cast {name} int32"] = case(lambda x: x.int(), fractions if name == "float32" else x, gradient=False)

cases["clip -1 2"] = case(lambda x: x.clamp(-1, 2), SPECIAL)
cases["clip -Infinity 0"] = case(lambda x: x.clamp(-INF, 0), SPECIAL)
cases["gather 1 1"] = case(lambda x: torch.gather(x, 1, TAKEN), wave(2, 3))
cases["gather 1 1 rows"] = case(lambda x: x[torch.arange(2)[:, None], TAKEN], wave(2, 3, 5))
cases["gather 2 1"] = case(lambda x: torch.stack([x[b][:, TAKEN[b]] for b in range(2)]), wave(2, 4, 3))
cases["gather 0 0"] = case(lambda x: x[TAKEN], wave(3, 5))
cases["gather 1 0"] = case(lambda x: x[:, TAKEN], wave(2, 3, 2))
for classes in [3, 5, 19]:
    cases[f"oneHot {classes}"] = case(lambda x: F.one_hot(x, classes).float(), torch.tensor([[2, 0, 1], [1, 1, 2]]))
cases["mirrorPad"] = case(lambda x: F.pad(x[None], (1, 3, 2, 0), mode="reflect")[0], wave(4, 5))
cases["pieces"] = case(lambda x: x * (5 * x).int() + x * (x > 0.3), wave(3, 4))  # steps and flags have no slope
cases["kept"] = case(lambda x, y: torch.where(x > y, x, x * y), wave(3, 1), wave(4))
cases["maximum slopes"] = case(torch.maximum, wave(3, 1), wave(4) + 0.05)
cases["minimum slopes"] = case(torch.minimum, wave(4), wave(3, 1) + 0.05)
cases["squaredDifference slopes"] = case(lambda x, y: (x - y) ** 2, wave(3, 1), wave(4))
cases["matMul slopes"] = case(torch.matmul, wave(1, 3, 2), wave(4, 2, 3))
cases["matMul slopes, more axes"] = case(torch.matmul, wave(2, 2), wave(2, 2, 2, 3))
cases["piece"] = case(lambda x: x.unbind(0)[0] * x[0], wave(1, 4))
ties, below = wave(2, 6, 5, 3).mul(2).round(), wave(2, 6, 5, 3) - 5
for name, x in {"ties": ties, "below": below}.items():
    for size, stride, pad, ceil in [(2, 2, 0, False), (3, 2, 1, False), (3, 1, 1, False), (3, 2, 0, True)]:
        suffix = f"{name} {size} {stride} {pad} {'ceil' if ceil else 'floor'}"
        cases[f"maxPool {suffix}"] = case(pool(F.max_pool2d, size, stride, pad, ceil), x)
        cases[f"avgPool {suffix}"] = case(pool(F.avg_pool2d, size, stride, pad, ceil), x)
cases["softmax"] = case(lambda x: x.softmax(-1), LOGITS)
cases["logSoftmax"] = case(lambda x: x.log_softmax(-1), LOGITS)
cases["crossEntropy"] = case(lambda x, t: F.cross_entropy(x, t, reduction="none"), LOGITS, CLASSES)
for name, x in {
    "far": 16 + wave(3, 7), "small": 1e-6 * wave(3, 7), "large": 1e15 * wave(3, 7), "constant": torch.full((2, 7), 3.25),
    "one": wave(3, 1), "wide": wave(1, 700),
}.items():  # fmt: skip
    size = [x.shape[-1]]
    cases[f"layerNorm {name}"] = case(lambda x: F.layer_norm(x, size, None, None, 1e-5), x, gradient=name != "far")
for name, f in {
    "abs": torch.abs, "ceil": torch.ceil, "cos": torch.cos, "elu": F.elu, "erf": torch.erf, "exp": torch.exp,
    "expm1": torch.expm1, "floor": torch.floor, "isFinite": torch.isfinite, "isInf": torch.isinf, "isNaN": torch.isnan,
    "log": torch.log, "log1p": torch.log1p, "neg": torch.neg, "reciprocal": torch.reciprocal, "relu": torch.relu,
    "relu6": F.relu6, "round": torch.round, "rsqrt": torch.rsqrt, "selu": torch.selu, "sigmoid": torch.sigmoid,
    "sign": torch.sign, "sin": torch.sin, "softplus": lambda x: F.softplus(x, threshold=1000), "sqrt": torch.sqrt,
    "square": torch.square, "tan": torch.tan, "tanh": torch.tanh, "atan": torch.atan, "asinh": torch.asinh,
    "acosh": torch.acosh, "atanh": torch.atanh, "acos": torch.acos, "asin": torch.asin, "cosh": torch.cosh, "sinh": torch.sinh,
    "leakyRelu": lambda x: F.leaky_relu(x, 0.2),
}.items():  # fmt: skip
    cases[name] = case(f, SPECIAL, gradient=False)
    cases[f"{name} gradient"] = case(f, floats(-0.9, -0.5, -0.1, 0.1, 0.3, 0.7, 0.95) + (2 if name == "acosh" else 0),
                                     gradient=not name.startswith("is"))  # fmt: skip
left = SPECIAL[[0, 2, 7, 9, 10, 14, 15, 19, 20, 22, 28, 30, 31]]
left, right = left.repeat_interleave(13).contiguous(), left.repeat(13).contiguous()
for name, f in {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum,
    "minimum": torch.minimum, "pow": torch.pow, "atan2": torch.atan2, "equal": torch.eq, "notEqual": torch.ne,
    "less": torch.lt, "lessEqual": torch.le, "greater": torch.gt, "greaterEqual": torch.ge,
    "squaredDifference": lambda a, b: (a - b) ** 2,
}.items():  # fmt: skip
    cases[name] = case(f, left, right, gradient=False)

lines = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in cases.items()]
producer = json.dumps(f"tools/reference/edges.py, torch {torch.__version__}, no seed: nothing is drawn")
known = json.dumps(tensors, separators=(",", ":"))
print(f'{{\n"producer": {producer},\n"tensors": {known},\n' + ",\n".join(lines) + "\n}")
