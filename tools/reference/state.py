"""Models of plain torch.nn modules with the names and layouts of @llm101/models: files of theirs, and files of ours read.

    pip install torch safetensors
    python tools/reference/state.py fixtures packages/models/test/fixtures
    npm run write-state -w @llm101/models -- /tmp/ours && python tools/reference/state.py compare /tmp/ours

`fixtures` writes a file of parameters and buffers for each model, made after manual_seed(101), and state.json with sizes,
scores and gradients. `compare` reads the files that write-state.mjs has written, with sizes, inputs and scores in their
metadata, and says how far PyTorch's scores are from them.
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


def normed():
    """A sequential model with running statistics."""
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 3))


INPUTS = [[1.0, -0.5, 0.25, 2.0], [0.5, 1.5, -1.0, 0.0], [-1.5, 0.75, 0.5, 1.0]]

SIZES = {
    "embedding": {"vocabSize": 7, "channels": 6, "skipChannels": 5, "depth": 3, "blocks": 2, "layerNorm": True},
    "oneHot": {"vocabSize": 7, "channels": 5, "depth": 2, "kernelSize": 3, "input": "oneHot"},
}
# Two names a row would begin again at 0; PyTorch's module knows nothing of that, so these rows have one each.
TOKENS = [[0, 3, 1, 6, 6, 2, 5, 1, 4], [0, 5, 5, 2, 1, 3, 4, 6, 1]]
TARGETS = [[3, 1, 6, 6, 2, 5, 1, 4, 0], [5, 5, 2, 1, 3, 4, 6, 1, 0]]


def rounded(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.7g}") for v in tensor.flatten().tolist()]}


def write(folder, name, model, producer):
    path = folder / f"{name}.safetensors"
    save_file(model.state_dict(), path, {"format": "pt", "producer": producer})
    path.chmod(0o644)


def fixtures(folder):
    producer = f"tools/reference/state.py, torch {torch.__version__}, seed 101"
    figures = {"producer": producer, "tokens": TOKENS, "targets": TARGETS, "models": {}}
    for name, sizes in SIZES.items():
        torch.manual_seed(101)
        model = WaveNet(**sizes)
        write(folder, f"wavenet-{name}", model, producer)
        logits = model(torch.tensor(TOKENS))
        loss = F.cross_entropy(logits.flatten(0, 1), torch.tensor(TARGETS).flatten())
        loss.backward()
        figures["models"][name] = {
            "sizes": sizes,
            "logits": rounded(logits),
            "loss": loss.item(),
            "gradients": {key: rounded(p.grad) for key, p in model.named_parameters()},
        }
    torch.manual_seed(101)
    model = normed()
    for factor in (1, 2):
        model(torch.tensor(INPUTS) * factor)
    write(folder, "batch-norm", model, producer)
    figures["batchNorm"] = {"inputs": INPUTS, "outputs": rounded(model.eval()(torch.tensor(INPUTS)))}
    (folder / "state.json").write_text(json.dumps(figures, indent=1))


def compare(folder):
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
        sizes = json.loads(metadata["sizes"])
        model = normed() if sizes is None else WaveNet(**sizes)
        model.load_state_dict(load_file(path))
        outputs = model.eval()(torch.tensor(json.loads(metadata["inputs"])))
        expected = torch.tensor(json.loads(metadata["outputs"])).reshape(outputs.shape)
        difference = (outputs - expected).abs().max().item()
        print(f"{path.name}: {outputs.numel()} scores, largest difference {difference:.2g}")
        assert difference < 1e-5


if __name__ == "__main__":
    command, folder = sys.argv[1:]
    {"fixtures": fixtures, "compare": compare}[command](Path(folder))
