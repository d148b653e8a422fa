"""PyTorch as its users write it, from preloaded tensors: without compilation, or by torch.compile with --compile; on --device."""

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


def gpt(p, tokens, sizes, dropout):
    T = tokens.shape[1]
    x = F.embedding(tokens, p["embedding.weight"]) + p["position"][:T]
    x = blocks(p, "", x, sizes["heads"], sizes["depth"], dropout)
    head = p.get("head.weight", p["embedding.weight"])  # tied
    return F.linear(x, head, p.get("head.bias")).flatten(0, 1)


def blocks(p, prefix, x, heads, depth, dropout=0.0):
    """Pre-norm blocks and a last norm. Biases that the file lacks, the model lacks."""

    def linear(x, name):
        return F.linear(x, p[f"{name}.weight"], p.get(f"{name}.bias"))

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p.get(f"{name}.bias"))

    def thin(x):
        return F.dropout(x, dropout) if dropout else x

    B, T, _ = x.shape
    for layer in (f"{prefix}layers.{i}" for i in range(depth)):
        attn = f"{layer}.self_attn"
        qkv = F.linear(norm(x, f"{layer}.norm1"), p[f"{attn}.in_proj_weight"], p.get(f"{attn}.in_proj_bias"))
        q, k, v = (part.view(B, T, heads, -1).transpose(1, 2) for part in qkv.chunk(3, -1))
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + thin(linear(attended.transpose(1, 2).reshape(B, T, -1), f"{attn}.out_proj"))
        hidden = F.gelu(linear(norm(x, f"{layer}.norm2"), f"{layer}.linear1"))
        x = x + thin(linear(hidden, f"{layer}.linear2"))
    return norm(x, f"{prefix}norm")


def modern_gpt(p, tokens, sizes):
    B, T = tokens.shape
    heads, C = sizes["heads"], sizes["width"]
    d = C // heads
    positions, pairs = torch.arange(T, device=tokens.device), torch.arange(0, d, 2, device=tokens.device)
    angles = positions[:, None] * 10_000 ** (-pairs / d)  # [T, d/2]
    cosine, sine = angles.cos(), angles.sin()

    def norm(x, name):
        return F.rms_norm(x, x.shape[-1:], p[f"{name}.weight"], 1e-5)

    def turn(x):
        a, b = x.chunk(2, -1)
        return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1)

    x = F.embedding(tokens, p["model.embed_tokens.weight"])
    for layer in (f"model.layers.{i}" for i in range(sizes["depth"])):
        attn, mlp = f"{layer}.self_attn", f"{layer}.mlp"
        qkv = F.linear(norm(x, f"{layer}.input_layernorm"), p[f"{attn}.qkv_proj.weight"])
        q, k, v = (part.view(B, T, heads, d).transpose(1, 2) for part in qkv.chunk(3, -1))
        q, k = turn(norm(q, f"{attn}.q_norm")), turn(norm(k, f"{attn}.k_norm"))
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + F.linear(attended.transpose(1, 2).reshape(B, T, C), p[f"{attn}.o_proj.weight"])
        hidden = F.relu(F.linear(norm(x, f"{layer}.post_attention_layernorm"), p[f"{mlp}.up_proj.weight"])) ** 2
        x = x + F.linear(hidden, p[f"{mlp}.down_proj.weight"])
    return F.linear(norm(x, "model.norm"), p["model.embed_tokens.weight"]).flatten(0, 1)


def megabyte(p, tokens, sizes):
    B, T = tokens.shape
    P, C, heads = sizes["patch"], sizes["width"], sizes["heads"]

    def embed(tokens, prefix):
        return F.embedding(tokens, p[f"{prefix}embedding.weight"]) + p[f"{prefix}position"]

    patches = embed(F.pad(tokens[:, :-P], (P, 0)), "global.").view(B, T // P, P * C)
    context = blocks(p, "global.", patches, heads, sizes["globalDepth"]).reshape(-1, P, C)
    within = F.pad(tokens.view(-1, P)[:, :-1], (1, 0))
    x = blocks(p, "local.", embed(within, "local.") + context, heads, sizes["localDepth"])
    return F.linear(x, p["head.weight"], p.get("head.bias")).flatten(0, 1)


MODELS = {"mlp": mlp, "cnn": cnn, "wavenet": wavenet, "gpt": gpt, "modern-gpt": modern_gpt, "megabyte": megabyte}
SIZED = ("gpt", "modern-gpt", "megabyte")


class Both:
    """Muon for hidden matrices, AdamW for the rest."""

    def __init__(self, p, learning_rate):
        hidden = {name for name, x in p.items() if x.dim() == 2 and "embed" not in name}
        muon = torch.optim.Muon([p[name] for name in hidden], lr=learning_rate)
        rest = [x for name, x in p.items() if name not in hidden]
        self.parts = [muon, torch.optim.AdamW(rest, lr=learning_rate)]

    def zero_grad(self):
        for part in self.parts:
            part.zero_grad()

    def step(self):
        for part in self.parts:
            part.step()


def make_optimizer(p, rule, learningRate, betas=(0.9, 0.999), weightDecay=0.01, decaysVectors=True, **_):
    parameters = list(p.values())
    if rule == "sgd":
        return torch.optim.SGD(parameters, lr=learningRate)
    if rule == "muon":
        return Both(p, learningRate)
    vectors = [] if decaysVectors else [x for x in parameters if x.dim() < 2]
    others = [x for x in parameters if decaysVectors or x.dim() >= 2]
    groups = [{"params": others}] + ([{"params": vectors, "weight_decay": 0}] if vectors else [])
    return torch.optim.AdamW(groups, lr=learningRate, betas=tuple(betas), weight_decay=weightDecay)


def choose_device():
    """The device of --device, in plain float32, and its name; auto is a GPU where there is one."""
    wanted = workload.option("--device", "cpu")
    auto = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(auto if wanted == "auto" else wanted)
    if device.type == "cpu":
        return device, None
    if not torch.cuda.is_available():
        workload.say({"absent": f"PyTorch {torch.__version__} has no CUDA GPU here"})
        sys.exit()
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False
    return device, torch.cuda.get_device_name(device)


def main():
    torch.set_num_threads(workload.threads())
    torch.set_num_interop_threads(1)
    torch.manual_seed(101)
    device, name = choose_device()
    is_compiled = "--compile" in sys.argv
    work = workload.read()
    by_batch = workload.by_batch()
    batches = list(zip(work.inputs.astype("int64"), work.targets.astype("int64")))
    if not by_batch:
        batches = [(torch.from_numpy(x).to(device), torch.from_numpy(y).to(device)) for x, y in batches]
    clip_norm = work.optimizer.get("clipNorm")

    def trainer(**options):
        p = {key: torch.tensor(value, device=device, requires_grad=True) for key, value in work.parameters.items()}
        parameters = list(p.values())
        optimizer = make_optimizer(p, **work.optimizer)
        kind = work.model["kind"]
        sizes = [work.model] if kind in SIZED else []

        def loss_of(x, y):
            return F.cross_entropy(MODELS[kind](p, x, *sizes, **options), y)

        compiled = torch.compile(loss_of) if is_compiled else loss_of

        def step(i):
            x, y = batches[i]
            if by_batch:
                x, y = torch.from_numpy(x).to(device), torch.from_numpy(y).to(device)
            loss = compiled(x, y)
            optimizer.zero_grad()
            loss.backward()
            if clip_norm is not None:
                torch.nn.utils.clip_grad_norm_(parameters, clip_norm)
            optimizer.step()
            return loss.item() if by_batch else loss.detach()

        return step

    dropout = work.model.get("dropout")
    if work.model["kind"] == "gpt":
        step, compared = trainer(dropout=dropout), trainer(dropout=None) if dropout else None
    else:
        step, compared = trainer(), None
    parts = [torch.__version__, f"{name}, float32, TF32 off" if name else "", "torch.compile" if is_compiled else ""]
    finish = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    workload.serve(", ".join(part for part in parts if part), len(batches), step, compared, finish)


main()
