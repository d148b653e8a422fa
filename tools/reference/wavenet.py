"""A WaveNet in plain torch.nn modules, whose parameters have the names and layouts of @llm101/models' WaveNet.

    pip install torch safetensors
    python tools/reference/wavenet.py fixtures packages/models/test/fixtures
    python tools/reference/wavenet.py compare model.safetensors

`fixtures` writes wavenet-*.safetensors, the initial parameters after manual_seed(101), and wavenet.json, the sizes, scores and
gradients that go with them. `compare` reads a file that a run here has written (tools/reference/write-wavenet.mjs), with
sizes, tokens and scores in its metadata, and prints how far PyTorch's scores are from it.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F


class Causal(nn.Conv1d):
    def forward(self, x):  # [B, T, C]
        reach = self.dilation[0] * (self.kernel_size[0] - 1)
        return super().forward(F.pad(x.transpose(1, 2), (reach, 0))).transpose(1, 2)


class OneHot(Causal):
    def forward(self, tokens):
        return super().forward(F.one_hot(tokens, self.in_channels).float())


class Layer(nn.Module):
    def __init__(self, C, S, k, dilation, norm, last):
        super().__init__()
        self.norm = nn.LayerNorm(C) if norm else nn.Identity()
        self.gates = Causal(C, 2 * C, k, dilation=dilation)
        self.skip = nn.Linear(C, S)
        self.residual = None if last else nn.Linear(C, C)

    def forward(self, x):
        values, gates = self.gates(self.norm(x)).chunk(2, -1)
        gated = values.tanh() * gates.sigmoid()
        return x if self.residual is None else x + self.residual(gated), self.skip(gated)


class WaveNet(nn.Module):
    def __init__(self, *, vocabSize, channels, depth, skipChannels=None, blocks=1, kernelSize=2,
                 input="embedding", layerNorm=False):
        super().__init__()
        V, C, S, k = vocabSize, channels, skipChannels or channels, kernelSize
        self.embedding = OneHot(V, C, k) if input == "oneHot" else nn.Embedding(V, C)
        count = depth * blocks
        self.layers = nn.ModuleList(
            Layer(C, S, k, 2 ** (i % depth), layerNorm, i == count - 1) for i in range(count)
        )
        self.hidden = nn.Linear(S, S)
        self.head = nn.Linear(S, V)

    def forward(self, tokens):
        x = self.embedding(tokens)
        skips = 0
        for layer in self.layers:
            x, skip = layer(x)
            skips = skips + skip
        return self.head(self.hidden(skips.relu()).relu())


SIZES = {
    "embedding": {"vocabSize": 7, "channels": 6, "skipChannels": 5, "depth": 3, "blocks": 2, "layerNorm": True},
    "oneHot": {"vocabSize": 7, "channels": 5, "depth": 2, "kernelSize": 3, "input": "oneHot"},
}
# Two names a row would begin anew at 0; PyTorch's module knows nothing of that, so these rows have one each.
TOKENS = [[0, 3, 1, 6, 6, 2, 5, 1, 4], [0, 5, 5, 2, 1, 3, 4, 6, 1]]
TARGETS = [[3, 1, 6, 6, 2, 5, 1, 4, 0], [5, 5, 2, 1, 3, 4, 6, 1, 0]]


def rounded(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.7g}") for v in tensor.flatten().tolist()]}


def fixtures(folder):
    producer = f"tools/reference/wavenet.py, torch {torch.__version__}, seed 101"
    figures = {"producer": producer, "tokens": TOKENS, "targets": TARGETS, "models": {}}
    for name, sizes in SIZES.items():
        torch.manual_seed(101)
        model = WaveNet(**sizes)
        save_file(model.state_dict(), folder / f"wavenet-{name}.safetensors", {"format": "pt", "producer": producer})
        logits = model(torch.tensor(TOKENS))
        loss = F.cross_entropy(logits.flatten(0, 1), torch.tensor(TARGETS).flatten())
        loss.backward()
        figures["models"][name] = {
            "sizes": sizes,
            "logits": rounded(logits),
            "loss": loss.item(),
            "gradients": {key: rounded(p.grad) for key, p in model.named_parameters()},
        }
    (folder / "wavenet.json").write_text(json.dumps(figures, indent=1))


def compare(path):
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    model = WaveNet(**json.loads(metadata["sizes"]))
    model.load_state_dict(load_file(path))
    logits = model(torch.tensor(json.loads(metadata["tokens"])))
    expected = torch.tensor(json.loads(metadata["logits"])).reshape(logits.shape)
    print(f"{path}: {logits.numel()} scores, largest difference {(logits - expected).abs().max().item():.2g}")


if __name__ == "__main__":
    command, path = sys.argv[1:]
    {"fixtures": lambda: fixtures(Path(path)), "compare": lambda: compare(path)}[command]()
