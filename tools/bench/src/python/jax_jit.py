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


def qkv(p, name, x):
    return x @ p[f"{name}_weight"].T + p[f"{name}_bias"]


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


HEADS = 4


def transformer(p, tokens):
    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        deviation = jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
        return centred / deviation * p[f"{name}.weight"] + p[f"{name}.bias"]

    B, T = tokens.shape
    x = p["embedding.weight"][tokens] + p["position"]
    for block in ("blocks.0", "blocks.1"):
        parts = jnp.split(qkv(p, f"{block}.attention.in_proj", norm(x, f"{block}.norm1")), 3, -1)
        q, k, v = (part.reshape(B, T, HEADS, -1) for part in parts)
        attended = jax.nn.dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(p, f"{block}.attention.out_proj", attended.reshape(B, T, -1))
        hidden = jax.nn.gelu(linear(p, f"{block}.expand", norm(x, f"{block}.norm2")))
        x = x + linear(p, f"{block}.contract", hidden)
    return linear(p, "head", norm(x, "norm")).reshape(B * T, -1)


def sgd(p, state, gradients, learning_rate):
    return {k: p[k] - learning_rate * gradients[k] for k in p}, state


def adamw(p, state, gradients, learning_rate):
    count, m, v = state
    count = count + 1
    m = {k: 0.9 * m[k] + 0.1 * gradients[k] for k in p}
    v = {k: 0.999 * v[k] + 0.001 * gradients[k] ** 2 for k in p}
    rate = learning_rate / (1 - 0.9**count)
    correction = jnp.sqrt(1 - 0.999**count)

    def update(k):
        return p[k] * (1 - learning_rate * 0.01) - rate * m[k] / (jnp.sqrt(v[k]) / correction + 1e-8)

    return {k: update(k) for k in p}, (count, m, v)


def main():
    name, learning_rate, parameters, inputs, targets = workload.read()
    p = {key: jnp.asarray(value) for key, value in parameters.items()}
    by_batch = workload.by_batch()
    batches = list(zip(inputs, targets))
    if not by_batch:
        batches = [(jnp.asarray(x), jnp.asarray(y)) for x, y in batches]
    model = {"mlp": mlp, "cnn": cnn, "wavenet": wavenet, "transformer": transformer}[name]
    update = adamw if name == "transformer" else sgd
    zeros = [{key: jnp.zeros_like(value) for key, value in p.items()} for _ in range(2)]
    state = (jnp.float32(0), *zeros) if update is adamw else ()

    def loss_of(p, x, y):
        logits = jax.nn.log_softmax(model(p, x))
        return -jnp.take_along_axis(logits, y[:, None], 1).mean()

    def whole(p, state, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(p, x, y)
        return loss, *update(p, state, gradients, learning_rate)

    compiled = jax.jit(whole, donate_argnums=(0, 1))

    def step(i):
        nonlocal p, state
        loss, p, state = compiled(p, state, *batches[i])
        return float(loss) if by_batch else loss

    workload.serve(jax.__version__, len(batches), step, lambda: jax.block_until_ready(p))


main()
