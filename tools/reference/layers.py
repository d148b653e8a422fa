"""Outputs and gradients of single layers, computed by PyTorch, for the tests of @llm101/models.

    pip install torch
    python tools/reference/layers.py > packages/models/test/fixtures/layers.json

Each layer is made right after manual_seed(101). Its input is sin(i / 3), its loss the sum of output times cos(i / 5).
"""

import json

import torch
from torch import nn
from torch.nn import functional as F

from figures import dropout_factors, wave


def rounded(tensors):
    return {
        name: {"shape": list(t.shape), "values": [float(f"{v:.7g}") for v in t.flatten().tolist()]}
        for name, t in tensors.items()
    }


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
    result |= {f"buffer.{name}": b for name, b in layer.named_buffers()}
    return rounded(result)


def conv(in_channels, out_channels, kernel_size, **options):
    return lambda: nn.Conv1d(in_channels, out_channels, kernel_size, **options)


def causal(in_channels, out_channels, kernel_size, dilation):
    """A dilated convolution of an input that is padded on the left."""

    class Causal(nn.Conv1d):
        def forward(self, x):
            return super().forward(F.pad(x, (dilation * (kernel_size - 1), 0)))

    return lambda: Causal(in_channels, out_channels, kernel_size, dilation=dilation)


def channels_last(B, T, C):
    return wave((B, T, C), torch.sin, 3)


def uneven(norm):
    """A normalisation whose weight and bias aren't ones and zeros."""
    with torch.no_grad():
        norm.weight.copy_(1 + wave(norm.weight.shape, torch.sin, 2) / 2)
        if getattr(norm, "bias", None) is not None:
            norm.bias.copy_(wave(norm.bias.shape, torch.cos, 2) / 2)
    return norm


def trained(norm):
    """A batch normalisation that has seen two batches, then in evaluation."""
    uneven(norm)
    for period in (2, 7):
        norm(wave((5, 3), torch.cos, period))
    return norm.eval()


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def steep():
    """Values from -4 to 4, none of them at ReLU's kink."""
    return 4 * wave((4, 6), torch.cos, 3)


def activation(function):
    return figures(lambda: Function(function), steep())


def mlp():
    return nn.Sequential(nn.Linear(4, 5), nn.GELU(), nn.LayerNorm(5), nn.Linear(5, 2), nn.Tanh())


def initialised(initialise, shape):
    torch.manual_seed(101)
    weight = torch.empty(shape)
    initialise(weight)
    return rounded({"weight": weight})


def drawn_after(makers):
    """What the generator draws next, once each layer was made: how much its constructor has drawn."""
    result = {}
    for name, make in makers.items():
        torch.manual_seed(101)
        make()
        result[name] = torch.rand(1, dtype=torch.float64)
    return rounded(result)


def block(dropout):
    return nn.TransformerEncoderLayer(6, 2, 12, dropout, "gelu", batch_first=True, norm_first=True)


constructors = {
    "embedding": lambda: nn.Embedding(7, 3),
    "linear": lambda: nn.Linear(5, 4),
    "layerNorm": lambda: nn.LayerNorm(5),
    "batchNorm": lambda: nn.BatchNorm1d(3),
    "dropout": lambda: nn.Dropout(0.5),
    "dropout of nothing": lambda: nn.Dropout(0),
    "convolution": conv(3, 4, 2),
    "gru": lambda: nn.GRU(3, 4, batch_first=True),
    "lstm": lambda: nn.LSTM(3, 4, batch_first=True),
    "attention": lambda: nn.MultiheadAttention(6, 2, batch_first=True),
    "block": lambda: block(0),
    "block with dropout": lambda: block(0.5),
    "block, dropout, linear": lambda: [block(0.1), nn.Dropout(0.1), nn.Linear(2, 2)],
}


def mask(rate, seed, counter, size):
    return rounded({"mask": dropout_factors(rate, seed, counter, size)})


class States(nn.GRU):
    """The states after each position alone."""

    def forward(self, x):
        return super().forward(x)[0]


STARTS = torch.tensor([[0, 0, 0, 3, 3], [0, 1, 1, 1, 4]])


def hidden_from(heads):
    """Each position sees its own text up to itself, [B heads, T, T]; true where it doesn't."""
    place = torch.arange(STARTS.shape[1])
    hidden = (place < STARTS[..., None]) | (place > place[:, None])
    return hidden.repeat_interleave(heads, 0)


class Attention(nn.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x, attn_mask=hidden_from(2), need_weights=False)[0]


class Block(nn.TransformerEncoderLayer):
    def forward(self, x):
        return super().forward(x, src_mask=hidden_from(2))


attention = {
    "attention": figures(lambda: Attention(6, 2, batch_first=True), channels_last(2, 5, 6)),
    "transformerBlock": figures(
        lambda: Block(6, 2, 10, dropout=0.0, activation="gelu", batch_first=True, norm_first=True),
        channels_last(2, 5, 6),
    ),
}

def by_head(x, d):
    """[B, T, heads d] to [B, heads, T, d]"""
    return x.unflatten(-1, (-1, d)).transpose(1, 2)


def rotated(x, d):
    """Hugging Face's rotary positions, of heads side by side."""
    angles = torch.arange(x.shape[1])[:, None] * 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    angles = torch.cat([angles, angles], -1)[None, :, None]
    heads = x.unflatten(-1, (-1, d))
    swapped = torch.cat([-heads[..., d // 2 :], heads[..., : d // 2]], -1)
    return (heads * angles.cos().float() + swapped * angles.sin().float()).flatten(2)


class Grouped(nn.Module):
    """Queries of four heads, keys and values of two, out of one input."""

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(6, 8, bias=False)
        self.key = nn.Linear(6, 4, bias=False)
        self.value = nn.Linear(6, 4, bias=False)

    def forward(self, x):
        q, k, v = (by_head(layer(x), 2) for layer in (self.query, self.key, self.value))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return y.transpose(1, 2).flatten(2)


attention |= {
    "causalAttention": figures(Grouped, channels_last(2, 5, 6)),
    "rotaryPositions": figures(
        lambda: Function(lambda x: rotated(x, 4)), channels_last(2, 5, 8)
    ),
}

class HiddenStates(nn.LSTM):
    def forward(self, x):
        return super().forward(x)[0]


recurrent = {
    "gru": figures(lambda: States(3, 4, batch_first=True), channels_last(2, 5, 3)),
    "lstm": figures(lambda: HiddenStates(3, 4, batch_first=True), channels_last(2, 5, 3)),
}

convolutions = {
    "halving": figures(conv(3, 4, 2, stride=2), channels_last(2, 6, 3), True),
    "dense": figures(conv(2, 3, 3), channels_last(2, 5, 2), True),
    "strided": figures(conv(2, 3, 2, stride=3), channels_last(2, 7, 2), True),
    "dilated": figures(conv(2, 3, 2, dilation=2), channels_last(2, 6, 2), True),
    "uneven": figures(conv(2, 3, 2, stride=2), channels_last(2, 5, 2), True),
    "causal pairs": figures(causal(3, 4, 2, 1), channels_last(2, 5, 3), True),
    "causal dilated": figures(causal(2, 3, 3, 2), channels_last(2, 7, 2), True),
    "causal far": figures(causal(2, 3, 2, 4), channels_last(2, 6, 2), True),
    "causal beyond": figures(causal(2, 2, 3, 4), channels_last(1, 6, 2), True),
}

normalisations = {
    "layerNorm": figures(lambda: uneven(nn.LayerNorm(5)), channels_last(2, 3, 5)),
    "layerNorm without bias": figures(
        lambda: uneven(nn.LayerNorm(5, bias=False)), channels_last(2, 3, 5)
    ),
    "rmsNorm": figures(lambda: uneven(nn.RMSNorm(5, 1e-5)), channels_last(2, 3, 5)),
    "batchNorm rows": figures(lambda: uneven(nn.BatchNorm1d(3)), wave((4, 3), torch.sin, 3)),
    "batchNorm sequences": figures(lambda: uneven(nn.BatchNorm1d(3)), channels_last(2, 4, 3), True),
    "batchNorm evaluation": figures(lambda: trained(nn.BatchNorm1d(3)), wave((4, 3), torch.sin, 3)),
}

activations = {
    "relu": activation(F.relu),
    "gelu": activation(F.gelu),
    "gelu tanh": activation(lambda x: F.gelu(x, approximate="tanh")),
    "tanh": activation(torch.tanh),
    "sigmoid": activation(torch.sigmoid),
    "silu": activation(F.silu),
    "squaredRelu": activation(lambda x: F.relu(x) ** 2),
    "swiglu": activation(lambda x: F.silu(x[:, :3]) * x[:, 3:]),
}

init = nn.init
initialisers = {
    "kaimingUniform": initialised(init.kaiming_uniform_, (4, 3, 2)),
    "kaimingUniform fanOut": initialised(
        lambda w: init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu"), (4, 3)
    ),
    "kaimingNormal": initialised(
        lambda w: init.kaiming_normal_(w, a=0.2, nonlinearity="leaky_relu"), (5, 4)
    ),
    "xavierUniform": initialised(
        lambda w: init.xavier_uniform_(w, gain=init.calculate_gain("tanh")), (4, 3, 2)
    ),
    "xavierNormal": initialised(init.xavier_normal_, (5, 4)),
}

print(
    json.dumps(
        {
            "producer": f"tools/reference/layers.py, torch {torch.__version__}, seed 101",
            "drawn after": drawn_after(constructors),
            "embedding": figures(lambda: nn.Embedding(7, 3), torch.tensor([[0, 2, 2], [6, 0, 1]])),
            "linear": figures(lambda: nn.Linear(5, 4), wave((3, 5), torch.sin, 3)),
            "linear without bias": figures(
                lambda: nn.Linear(5, 4, bias=False), wave((3, 5), torch.sin, 3)
            ),
            **attention,
            **recurrent,
            **convolutions,
            **normalisations,
            **activations,
            "sequential": figures(mlp, wave((3, 4), torch.sin, 3)),
            **initialisers,
            "dropout mask": mask(0.3, 0xDEADBEEF, 41, 40),
        },
        indent=1,
    )
)
