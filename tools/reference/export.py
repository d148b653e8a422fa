"""Opens exported models with the Python packages and compares their scores with ours.

    pip install torch onnx onnxruntime transformers gguf
    node packages/export/scripts/export-models.mjs /tmp/exported
    python -P tools/reference/export.py /tmp/exported

The first writes a folder for each model: `scores.json` with tokens and our scores, and the formats that take the model. This
compares them, and says where the largest difference is; 1e-4 is the limit. What llama.cpp makes of the GGUF files is asked by
`packages/export/scripts/export-models.mjs` itself, where node-llama-cpp is found.
"""

import json
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from gguf import GGUFReader
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline

LIMIT = 1e-4


def of_onnx(path, tokens):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    return onnxruntime.InferenceSession(str(path)).run(None, {"tokens": tokens})[0]


def of_transformers(path, tokens):
    model = AutoModelForCausalLM.from_pretrained(path).eval()
    with torch.no_grad():
        return model(torch.from_numpy(tokens)).logits.numpy()


def check_tokenizer(path, texts, decoded):
    tokenizer = AutoTokenizer.from_pretrained(path)
    for (text, tokens), back in zip(texts, decoded, strict=True):
        found = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert found == tokens, (path, text, found, tokens)
        assert tokenizer.decode(found) == back, (path, text, tokenizer.decode(found))


def check_generation(path, texts):
    """A pipeline of transformers goes on with a text, whose beginning stays."""
    text = texts[0][0] if texts else ""
    made = pipeline("text-generation", model=str(path))(text, max_new_tokens=4, do_sample=False)
    assert made[0]["generated_text"].startswith(text), made


def check_gguf(path):
    """What the header says fits the tensors."""
    reader = GGUFReader(path)
    value = {key: field.contents() for key, field in reader.fields.items()}
    family = value["general.architecture"]
    shapes = {tensor.name: [int(n) for n in tensor.shape] for tensor in reader.tensors}
    channels, vocabulary = shapes["token_embd.weight"]
    assert value[f"{family}.embedding_length"] == channels
    assert value[f"{family}.block_count"] == sum("attn_norm.weight" in name for name in shapes)
    assert value[f"{family}.feed_forward_length"] == shapes["blk.0.ffn_up.weight"][1]
    assert len(value["tokenizer.ggml.tokens"]) == len(set(value["tokenizer.ggml.tokens"])) == vocabulary
    assert len(value["tokenizer.ggml.token_type"]) == vocabulary
    if family == "gpt2":
        assert shapes["position_embd.weight"] == [channels, value["gpt2.context_length"]]


def main(folder):
    worst = 0.0
    for path in sorted(Path(folder).iterdir()):
        scored = json.loads((path / "scores.json").read_text())
        distances = {}
        for case in scored["inputs"]:
            tokens = numpy.array(case["tokens"], dtype=numpy.int64)
            expected = numpy.array(case["scores"], dtype=numpy.float32)
            found = {}
            if (path / "model.onnx").exists():
                found["onnx"] = of_onnx(path / "model.onnx", tokens)
            if (path / "hf").exists():
                found["hf"] = of_transformers(path / "hf", tokens)
            for name, scores in found.items():
                assert scores.shape == expected.shape, (path, name, scores.shape, expected.shape)
                distance = float(abs(scores - expected).max())
                distances[name] = max(distance, distances.get(name, 0.0))
        if (path / "hf").exists():
            check_tokenizer(path / "hf", scored["texts"], scored["decoded"])
            check_generation(path / "hf", scored["texts"])
        if (path / "model.gguf").exists():
            check_gguf(path / "model.gguf")
        load_file(path / "model.safetensors")
        worst = max(worst, *distances.values())
        print(path.name, {name: f"{distance:.1e}" for name, distance in distances.items()}, flush=True)
    print(f"largest difference: {worst:.1e}")
    assert worst < LIMIT


main(sys.argv[1])
