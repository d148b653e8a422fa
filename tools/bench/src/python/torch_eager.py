"""PyTorch as its users write it, without compilation, from preloaded tensors."""

import math
import sys

import workload

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    workload.say({"absent": f"not found: torch ({sys.executable})"})
    sys.exit()


def mlp(p, tokens):
    x = F.embedding(tokens, p["embedding.weight"]).flatten(1)
    x = F.relu(F.linear(x, p["linear1.weight"], p["linear1.bias"]))
    return F.linear(x, p["linear2.weight"], p["linear2.bias"])


def cnn(p, tokens):
    x = F.embedding(tokens, p["embedding.weight"]).transpose(1, 2)  # [B, C, T]
    for i in range(int(math.log2(tokens.shape[1]))):
        x = F.relu(F.conv1d(x, p[f"layers.{i}.weight"], p[f"layers.{i}.bias"], stride=2))
    return F.linear(x.flatten(1), p["linear.weight"], p["linear.bias"])


def wavenet(p, tokens):
    def pointwise(x, name):
        return F.conv1d(x, p[f"{name}.weight"].unsqueeze(-1), p[f"{name}.bias"])

    x = F.embedding(tokens, p["embedding.weight"]).transpose(1, 2)  # [B, C, T]
    skipped = 0
    depth = int(math.log2(tokens.shape[1]))
    for i in range(depth):
        gates = F.conv1d(x, p[f"layers.{i}.gates.weight"], p[f"layers.{i}.gates.bias"], dilation=2**i)
        a, b = gates.chunk(2, 1)
        z = torch.tanh(a) * torch.sigmoid(b)
        skipped = skipped + F.linear(z[:, :, -1], p[f"layers.{i}.skip.weight"], p[f"layers.{i}.skip.bias"])
        if i < depth - 1:
            x = x[:, :, 2**i :] + pointwise(z, f"layers.{i}.residual")
    x = F.relu(F.linear(F.relu(skipped), p["hidden.weight"], p["hidden.bias"]))
    return F.linear(x, p["head.weight"], p["head.bias"])


HEADS = 4


def transformer(p, tokens):
    def linear(x, name):
        return F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])

    def qkv(x, name):
        return F.linear(x, p[f"{name}_weight"], p[f"{name}_bias"])

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"])

    B, T = tokens.shape
    x = F.embedding(tokens, p["embedding.weight"]) + p["position"]
    for block in ("blocks.0", "blocks.1"):
        parts = qkv(norm(x, f"{block}.norm1"), f"{block}.attention.in_proj").chunk(3, -1)
        q, k, v = (part.view(B, T, HEADS, -1).transpose(1, 2) for part in parts)
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(attended.transpose(1, 2).reshape(B, T, -1), f"{block}.attention.out_proj")
        hidden = F.gelu(linear(norm(x, f"{block}.norm2"), f"{block}.expand"), approximate="tanh")
        x = x + linear(hidden, f"{block}.contract")
    return linear(norm(x, "norm"), "head").flatten(0, 1)


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    name, learning_rate, parameters, inputs, targets = workload.read()
    p = {key: torch.from_numpy(value).requires_grad_() for key, value in parameters.items()}
    by_batch = workload.by_batch()
    batches = list(zip(inputs.astype("int64"), targets.astype("int64")))
    if not by_batch:
        batches = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches]
    model = {"mlp": mlp, "cnn": cnn, "wavenet": wavenet, "transformer": transformer}[name]
    make = torch.optim.AdamW if name == "transformer" else torch.optim.SGD
    optimizer = make(p.values(), lr=learning_rate)

    def step(i):
        x, y = batches[i]
        if by_batch:
            x, y = torch.from_numpy(x), torch.from_numpy(y)
        loss = F.cross_entropy(model(p, x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item() if by_batch else loss.detach()

    workload.serve(torch.__version__, len(batches), step, lambda: None)


main()
