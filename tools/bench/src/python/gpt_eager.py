"""The GPT of examples/gpt as PyTorch's users write it, without compilation: compared without dropout, measured with it."""

import sys

import workload

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    workload.say({"absent": f"not found: torch ({sys.executable})"})
    sys.exit()

HEADS, LAYERS, DROPOUT = 4, 3, 0.1


def gpt(p, tokens, dropout):
    def linear(x, name):
        return F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"])

    def thin(x):
        return F.dropout(x, dropout) if dropout else x

    B, T = tokens.shape
    places = torch.arange(T)
    starts = torch.where(tokens == 0, places, 0).cummax(1).values  # token 0 begins a name
    seen = (places >= starts[..., None]) & (places <= places[:, None])  # [B, T, T]
    x = F.embedding(tokens, p["embedding.weight"]) + F.embedding(places - starts, p["positions.weight"])
    x = thin(x)
    for layer in (f"layers.{i}" for i in range(LAYERS)):
        attn = f"{layer}.self_attn"
        qkv = F.linear(norm(x, f"{layer}.norm1"), p[f"{attn}.in_proj_weight"], p[f"{attn}.in_proj_bias"])
        q, k, v = (part.view(B, T, HEADS, -1).transpose(1, 2) for part in qkv.chunk(3, -1))
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None])
        x = x + thin(linear(attended.transpose(1, 2).reshape(B, T, -1), f"{attn}.out_proj"))
        hidden = F.gelu(linear(norm(x, f"{layer}.norm2"), f"{layer}.linear1"))
        x = x + thin(linear(hidden, f"{layer}.linear2"))
    return linear(norm(x, "norm"), "head").flatten(0, 1)


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(101)
    _, learning_rate, parameters, inputs, targets = workload.read()
    batches = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in zip(inputs.astype("int64"), targets.astype("int64"))]

    def trainer(dropout):
        p = {key: torch.from_numpy(value.copy()).requires_grad_() for key, value in parameters.items()}
        optimizer = torch.optim.AdamW(p.values(), lr=learning_rate)

        def step(i):
            x, y = batches[i]
            loss = F.cross_entropy(gpt(p, x, dropout), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.detach()

        return step

    plain, thinned = trainer(0), trainer(DROPOUT)
    compared = 0

    def step(i):
        nonlocal compared
        compared += 1
        return (plain if compared <= workload.COMPARED + 1 else thinned)(i)

    workload.serve(torch.__version__, len(batches), step, lambda: None)


main()
