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


MODELS = {"mlp": mlp, "cnn": cnn, "wavenet": wavenet, "gpt": gpt, "megabyte": megabyte}


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
    sizes = [work.model] if kind in ("gpt", "megabyte") else []
    update = adamw if work.optimizer["rule"] == "adamw" else sgd
    clip_norm = work.optimizer.get("clipNorm")
    zeros = [{key: jnp.zeros_like(value) for key, value in p.items()} for _ in range(2)]
    state = (jnp.float32(0), *zeros) if update is adamw else ()

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
