"""Scores, losses and gradients of whole networks, computed by PyTorch, for the tests of @llm101/models.

    pip install torch
    python tools/reference/networks.py > packages/models/test/fixtures/networks.json

Each network is made right after manual_seed(101), of plain torch.nn modules with the names of @llm101/models. Its loss is the mean
cross-entropy of its targets.
"""

import json

import torch
from torch import nn
from torch.nn import functional as F

V = 7
TOKENS = torch.tensor([[0, 3, 1, 6, 6, 2, 5, 1], [0, 5, 5, 2, 1, 3, 4, 6]])
TARGETS = torch.tensor([[3, 1, 6, 6, 2, 5, 1, 4], [5, 5, 2, 1, 3, 4, 6, 1]])
WINDOWS = torch.tensor([[0, 0, 3], [0, 3, 1], [1, 6, 6], [2, 5, 1], [5, 5, 2], [4, 6, 1]])
WINDOW_TARGETS = torch.tensor([1, 6, 2, 4, 1, 0])


def rounded(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.7g}") for v in tensor.flatten().tolist()]}


class Bigram(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(V, V)

    def forward(self, tokens):
        return self.table(tokens)


ACTIVATIONS = {"relu": F.relu, "tanh": torch.tanh, "gelu": F.gelu, "silu": F.silu, "sigmoid": torch.sigmoid}
GAINS = {"relu": "relu", "tanh": "tanh", "gelu": "relu", "silu": "relu", "sigmoid": "sigmoid"}


class MLP(nn.Module):
    def __init__(self, *, contextSize, dEmbed, dHidden, activation="relu", bias=True, batchNorm=False,
                 layerNorm=False, residual=False, init="pytorch"):
        super().__init__()
        self.activation, self.residual, self.count = activation, residual, len(dHidden)
        self.embedding = nn.Embedding(V, dEmbed)
        sizes = [contextSize * dEmbed, *dHidden, V]
        for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), 1):
            last = i > self.count
            setattr(self, f"linear{i}", self.draw(inputs, outputs, bias, init, "linear" if last else GAINS[activation]))
            if batchNorm and not last:
                setattr(self, f"norm{i}", nn.BatchNorm1d(outputs))
            if layerNorm and not last:
                setattr(self, f"norm{i}", nn.LayerNorm(outputs))

    @staticmethod
    def draw(inputs, outputs, bias, init, nonlinearity):
        if init == "pytorch":
            return nn.Linear(inputs, outputs, bias)
        with torch.random.fork_rng():
            linear = nn.Linear(inputs, outputs, bias)
        with torch.no_grad():
            if bias:
                linear.bias.zero_()
            if init == "kaiming":
                nn.init.kaiming_normal_(linear.weight, nonlinearity=nonlinearity)
            elif init == "xavier":
                nn.init.xavier_normal_(linear.weight, nn.init.calculate_gain(nonlinearity))
            else:
                linear.weight.copy_(torch.randn(inputs, outputs).T)
                if bias:
                    linear.bias.copy_(torch.randn(outputs))
        return linear

    def forward(self, tokens):
        x = self.embedding(tokens).flatten(1)
        outputs = []
        for i in range(1, self.count + 1):
            y = getattr(self, f"linear{i}")(x)
            if hasattr(self, f"norm{i}"):
                y = getattr(self, f"norm{i}")(y)
            x = ACTIVATIONS[self.activation](y)
            as_wide = [before for before in outputs if before.shape == x.shape]
            if self.residual and as_wide:
                x = x + as_wide[-1]
            outputs.append(x)
        return getattr(self, f"linear{self.count + 1}")(x)


class Recurrent(nn.Module):
    def __init__(self, *, cell, dEmbed, dHidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(V, dEmbed)
        Layer = {"gru": nn.GRU, "lstm": nn.LSTM}[cell]
        self.rnn = Layer(dEmbed, dHidden, layers, batch_first=True)
        self.head = nn.Linear(dHidden, V)

    def forward(self, tokens):
        return self.head(self.rnn(self.embedding(tokens))[0])


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        for name in ("query", "key", "value", "out"):
            setattr(self, name, nn.Linear(width, width, bias=False))

    def forward(self, x):
        B, T, W = x.shape
        query, key, value = (
            product(x).view(B, T, self.heads, W // self.heads).transpose(1, 2)
            for product in (self.query, self.key, self.value)
        )
        found = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.out(found.transpose(1, 2).reshape(B, T, W))


class FeedForward(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.self_attention = Attention(width, heads)
        self.layer_norm1 = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, hidden)
        self.layer_norm2 = nn.LayerNorm(width)

    def forward(self, x):
        x = x + self.self_attention(self.layer_norm1(x))
        return x + self.feed_forward(self.layer_norm2(x))


class Level(nn.Module):
    """One of MEGABYTE's two models."""

    def __init__(self, channels, positions, width, *, layers, heads, hidden, scores):
        super().__init__()
        self.token_embedding = nn.Embedding(V, channels)
        self.positional_embedding = nn.Embedding(positions, channels)
        self.layers = nn.ModuleList(Block(width, heads, hidden) for _ in range(layers))
        self.layer_norm = nn.LayerNorm(width)
        if scores:
            self.linear = nn.Linear(channels, V, bias=False)

    def embed(self, tokens):
        return self.token_embedding(tokens) + self.positional_embedding.weight[: tokens.shape[1]]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)


class Megabyte(nn.Module):
    """Scores of each token of a row from those before it, as the paper has them: a patch of pads is read before the first."""

    def __init__(self, *, patchSize, patches, channels, **levels):
        super().__init__()
        self.P = patchSize
        wide = patchSize * channels
        self.global_model = Level(channels, patchSize * patches, wide, **levels["global"], scores=False)
        self.local_model = Level(channels, patchSize, channels, **levels["local"], scores=True)

    def forward(self, tokens):
        B, T = tokens.shape
        tokens = torch.cat([tokens[:, 1:], tokens[:, :1]], 1)  # those to be scored; the last one is seen by none
        before = F.pad(tokens[:, : -self.P], (self.P, 0))
        patches = self.global_model(self.global_model.embed(before).reshape(B, T // self.P, -1))
        within = F.pad(tokens.reshape(-1, self.P)[:, :-1], (1, 0))
        x = self.local_model.embed(within) + patches.reshape(within.shape[0], self.P, -1)
        return self.local_model.linear(self.local_model(x)).reshape(B, T, V)


def figures(make, sizes, tokens, targets):
    torch.manual_seed(101)
    model = make(**sizes)
    logits = model(tokens)
    loss = F.cross_entropy(logits.flatten(0, -2), targets.flatten())
    loss.backward()
    return {
        "sizes": sizes,
        "logits": rounded(logits),
        "loss": loss.item(),
        "state": list(model.state_dict()),
        "gradients": {name: rounded(p.grad) for name, p in model.named_parameters()},
    }


def windows(**sizes):
    sizes = {"contextSize": 3, "dEmbed": 2, "dHidden": [5], **sizes}
    return figures(MLP, sizes, WINDOWS, WINDOW_TARGETS)


def recurrent(**sizes):
    return figures(Recurrent, {"dEmbed": 3, "dHidden": 4, "layers": 1, **sizes}, TOKENS, TARGETS)


def megabyte(**sizes):
    levels = {
        "global": {"layers": 2, "heads": 2, "hidden": 6},
        "local": {"layers": 1, "heads": 2, "hidden": 5},
    }
    return figures(Megabyte, {"channels": 4, **sizes, **levels}, TOKENS, TARGETS)


if __name__ == "__main__":
    deep = [5, 8, 5]
    print(
        json.dumps(
            {
                "producer": f"tools/reference/networks.py, torch {torch.__version__}, seed 101",
                "tokens": TOKENS.tolist(),
                "targets": TARGETS.tolist(),
                "windows": WINDOWS.tolist(),
                "windowTargets": WINDOW_TARGETS.tolist(),
                "bigram": {"table": figures(Bigram, {}, TOKENS, TARGETS)},
                "mlp": {
                    "one layer": windows(),
                    "tanh, three layers": windows(dHidden=deep, activation="tanh"),
                    "sigmoid, no biases": windows(dHidden=[5, 5], activation="sigmoid", bias=False),
                    "residual": windows(dHidden=deep, activation="tanh", residual=True, init="randn", bias=False),
                    "residual, as wide": windows(dHidden=[5, 5, 5], activation="relu", residual=True),
                    "randn": windows(activation="tanh", init="randn"),
                    "kaiming": windows(dHidden=[5, 5], activation="tanh", init="kaiming"),
                    "xavier": windows(dHidden=[5, 5], activation="gelu", init="xavier"),
                    "batch norm": windows(dHidden=[5, 5], activation="silu", batchNorm=True),
                    "layer norm": windows(dHidden=[5, 5], activation="gelu", layerNorm=True),
                },
                "megabyte": {
                    "patches of 2": megabyte(patchSize=2, patches=4),
                    "patches of 4": megabyte(patchSize=4, patches=2),
                },
                "recurrent": {
                    "gru": recurrent(cell="gru"),
                    "gru, two layers": recurrent(cell="gru", layers=2),
                    "lstm": recurrent(cell="lstm"),
                    "lstm, three layers": recurrent(cell="lstm", layers=3),
                },
            },
            indent=1,
        )
    )
