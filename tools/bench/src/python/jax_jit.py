"""JAX, the whole step compiled by XLA, parameters handed on in place, from preloaded arrays."""

import math
import sys

import workload

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    workload.say({"absent": f"not found: jax ({sys.executable})"})
    sys.exit()


def linear(p, name, x):
    return x @ p[f"{name}.weight"].T + p[f"{name}.bias"]


def mlp(p, tokens):
    x = p["embedding.weight"][tokens].reshape(tokens.shape[0], -1)
    return linear(p, "linear2", jax.nn.relu(linear(p, "linear1", x)))


def pair(p, name, x):
    """A kernel of 2 over windows that lie side by side, [..., 2 C], channels of each tap together."""
    weight = p[f"{name}.weight"].transpose(0, 2, 1)  # [out, k, in]
    return x @ weight.reshape(weight.shape[0], -1).T + p[f"{name}.bias"]


def cnn(p, tokens):
    x = p["embedding.weight"][tokens]
    B, T, _ = x.shape
    for i in range(int(math.log2(T))):
        x = jax.nn.relu(pair(p, f"layers.{i}", x.reshape(B, T >> (i + 1), -1)))
    return linear(p, "linear", x.reshape(B, -1))


def wavenet(p, tokens):
    x = p["embedding.weight"][tokens]
    skipped = 0
    depth = int(math.log2(tokens.shape[1]))
    for i in range(depth):
        d = 2**i
        gates = pair(p, f"layers.{i}.gates", jnp.concatenate([x[:, :-d], x[:, d:]], -1))
        a, b = jnp.split(gates, 2, -1)
        z = jnp.tanh(a) * jax.nn.sigmoid(b)
        skipped = skipped + linear(p, f"layers.{i}.skip", z[:, -1])
        if i < depth - 1:
            x = x[:, d:] + linear(p, f"layers.{i}.residual", z)
    return linear(p, "head", jax.nn.relu(linear(p, "hidden", jax.nn.relu(skipped))))


def gpt(p, tokens, sizes):
    x = p["embedding.weight"][tokens] + p["position"][: tokens.shape[1]]
    x = blocks(p, "", x, sizes["heads"], sizes["depth"])
    return score(p, x, p.get("head.weight", p["embedding.weight"]))  # or tied


def score(p, x, weight):
    return (x @ weight.T + p.get("head.bias", 0)).reshape(-1, weight.shape[0])


def blocks(p, prefix, x, heads, depth):
    """Pre-norm blocks and a last norm. Biases that the file lacks, the model lacks."""

    def affine(x, weight, bias):
        y = x @ p[weight].T
        return y + p[bias] if bias in p else y

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        y = centred / jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * p[f"{name}.weight"]
        return y + p[f"{name}.bias"] if f"{name}.bias" in p else y

    B, T, _ = x.shape
    for layer in (f"{prefix}layers.{i}" for i in range(depth)):
        attn = f"{layer}.self_attn"
        rows = affine(norm(x, f"{layer}.norm1"), f"{attn}.in_proj_weight", f"{attn}.in_proj_bias")
        q, k, v = (part.reshape(B, T, heads, -1) for part in jnp.split(rows, 3, -1))
        attended = jax.nn.dot_product_attention(q, k, v, is_causal=True).reshape(B, T, -1)
        x = x + affine(attended, f"{attn}.out_proj.weight", f"{attn}.out_proj.bias")
        hidden = affine(norm(x, f"{layer}.norm2"), f"{layer}.linear1.weight", f"{layer}.linear1.bias")
        hidden = jax.nn.gelu(hidden, approximate=False)
        x = x + affine(hidden, f"{layer}.linear2.weight", f"{layer}.linear2.bias")
    return norm(x, f"{prefix}norm")


def modern_gpt(p, tokens, sizes):
    B, T = tokens.shape
    heads, C = sizes["heads"], sizes["width"]
    d = C // heads
    angles = jnp.arange(T)[:, None, None] * 10_000 ** (-jnp.arange(0, d, 2) / d)  # [T, 1, d/2]
    cosine, sine = jnp.cos(angles), jnp.sin(angles)

    def norm(x, name):
        return x / jnp.sqrt((x**2).mean(-1, keepdims=True) + 1e-5) * p[f"{name}.weight"]

    def turn(x):
        a, b = jnp.split(x, 2, -1)
        return jnp.concatenate([a * cosine - b * sine, b * cosine + a * sine], -1)

    x = p["model.embed_tokens.weight"][tokens]
    for layer in (f"model.layers.{i}" for i in range(sizes["depth"])):
        attn, mlp = f"{layer}.self_attn", f"{layer}.mlp"
        rows = norm(x, f"{layer}.input_layernorm") @ p[f"{attn}.qkv_proj.weight"].T
        q, k, v = (part.reshape(B, T, heads, d) for part in jnp.split(rows, 3, -1))
        q, k = turn(norm(q, f"{attn}.q_norm")), turn(norm(k, f"{attn}.k_norm"))
        attended = jax.nn.dot_product_attention(q, k, v, is_causal=True).reshape(B, T, C)
        x = x + attended @ p[f"{attn}.o_proj.weight"].T
        hidden = norm(x, f"{layer}.post_attention_layernorm") @ p[f"{mlp}.up_proj.weight"].T
        x = x + jax.nn.relu(hidden) ** 2 @ p[f"{mlp}.down_proj.weight"].T
    return score(p, norm(x, "model.norm"), p["model.embed_tokens.weight"])


def megabyte(p, tokens, sizes):
    B, T = tokens.shape
    P, C, heads = sizes["patch"], sizes["width"], sizes["heads"]

    def embed(tokens, prefix):
        return p[f"{prefix}embedding.weight"][tokens] + p[f"{prefix}position"]

    before = jnp.pad(tokens[:, :-P], ((0, 0), (P, 0)))
    patches = embed(before, "global.").reshape(B, T // P, P * C)
    context = blocks(p, "global.", patches, heads, sizes["globalDepth"]).reshape(-1, P, C)
    within = jnp.pad(tokens.reshape(-1, P)[:, :-1], ((0, 0), (1, 0)))
    x = blocks(p, "local.", embed(within, "local.") + context, heads, sizes["localDepth"])
    return score(p, x, p["head.weight"])


MODELS = {"mlp": mlp, "cnn": cnn, "wavenet": wavenet, "gpt": gpt, "modern-gpt": modern_gpt, "megabyte": megabyte}
SIZED = ("gpt", "modern-gpt", "megabyte")


def sgd(p, state, gradients, settings):
    return {k: p[k] - settings["learningRate"] * gradients[k] for k in p}, state


def adamw(p, state, gradients, settings):
    learning_rate = settings["learningRate"]
    beta1, beta2 = settings.get("betas", (0.9, 0.999))
    count, m, v = state
    count = count + 1
    m = {k: beta1 * m[k] + (1 - beta1) * gradients[k] for k in p}
    v = {k: beta2 * v[k] + (1 - beta2) * gradients[k] ** 2 for k in p}
    rate = learning_rate / (1 - beta1**count)
    correction = jnp.sqrt(1 - beta2**count)

    def update(k):
        decays = p[k].ndim >= 2 or settings.get("decaysVectors", True)
        kept = 1 - learning_rate * settings.get("weightDecay", 0.01) if decays else 1
        return p[k] * kept - rate * m[k] / (jnp.sqrt(v[k]) / correction + 1e-8)

    return {k: update(k) for k in p}, (count, m, v)


def muon(p, state, gradients, settings):
    """Muon for hidden matrices, whose moments are the first ones, AdamW for the rest."""
    learning_rate, momentum = settings["learningRate"], 0.95
    hidden = {k for k in p if p[k].ndim == 2 and "embed" not in k}
    new, (count, m, v) = adamw(p, state, gradients, settings)
    for k in hidden:
        m[k] = state[1][k] + (1 - momentum) * (gradients[k] - state[1][k])
        direction = orthogonal(gradients[k] + momentum * (m[k] - gradients[k]))
        rows, columns = p[k].shape
        new[k] = p[k] * (1 - learning_rate * 0.1) - learning_rate * max(1, rows / columns) ** 0.5 * direction
    return new, (count, m, v)


def orthogonal(matrix):
    """Newton-Schulz iterations, rounded to bfloat16 where PyTorch's are."""

    def rounded(x):
        return jax.lax.reduce_precision(x, 8, 7)

    tall = matrix.shape[0] > matrix.shape[1]
    x = rounded(matrix.T if tall else matrix)
    x = rounded(x / rounded(jnp.maximum(jnp.linalg.norm(x), 1e-7)))
    for _ in range(5):
        gram = rounded(x @ x.T)
        change = rounded(-4.775 * gram + 2.0315 * (gram @ gram))
        x = rounded(3.4445 * x + change @ x)
    return x.T if tall else x


def clip(gradients, most):
    norm = jnp.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
    scale = jnp.minimum(1, most / (norm + 1e-6))
    return {k: gradient * scale for k, gradient in gradients.items()}


def main():
    work = workload.read()
    if work.model.get("dropout"):
        workload.say({"absent": "left out, as dropout is compared with PyTorch's alone"})
        return
    p = {key: jnp.asarray(value) for key, value in work.parameters.items()}
    by_batch = workload.by_batch()
    batches = list(zip(work.inputs, work.targets))
    if not by_batch:
        batches = [(jnp.asarray(x), jnp.asarray(y)) for x, y in batches]
    kind = work.model["kind"]
    sizes = [work.model] if kind in SIZED else []
    update = {"sgd": sgd, "adamw": adamw, "muon": muon}[work.optimizer["rule"]]
    clip_norm = work.optimizer.get("clipNorm")
    zeros = [{key: jnp.zeros_like(value) for key, value in p.items()} for _ in range(2)]
    state = () if update is sgd else (jnp.float32(0), *zeros)

    def loss_of(p, x, y):
        logits = jax.nn.log_softmax(MODELS[kind](p, x, *sizes))
        return -jnp.take_along_axis(logits, y[:, None], 1).mean()

    def whole(p, state, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(p, x, y)
        if clip_norm is not None:
            gradients = clip(gradients, clip_norm)
        return loss, *update(p, state, gradients, work.optimizer)

    compiled = jax.jit(whole, donate_argnums=(0, 1))

    def step(i):
        nonlocal p, state
        loss, p, state = compiled(p, state, *batches[i])
        return float(loss) if by_batch else loss

    workload.serve(jax.__version__, len(batches), step, finish=lambda: jax.block_until_ready(p))


main()
