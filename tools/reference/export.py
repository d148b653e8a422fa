"""Opens exported models with the Python packages and compares their scores with ours.

    pip install torch onnx onnxruntime transformers gguf
    node packages/export/scripts/export-models.mjs /tmp/exported
    python tools/reference/export.py /tmp/exported

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
from transformers import AutoModelForCausalLM, AutoTokenizer

LIMIT = 1e-4


def of_onnx(path, tokens):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    return onnxruntime.InferenceSession(str(path)).run(None, {"tokens": tokens})[0]


def of_transformers(path, tokens):
    model = AutoModelForCausalLM.from_pretrained(path).eval()
    with torch.no_grad():
        return model(torch.from_numpy(tokens)).logits.numpy()


def check_tokenizer(path, texts):
    tokenizer = AutoTokenizer.from_pretrained(path)
    for text, tokens in texts:
        found = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert found == tokens, (path, text, found, tokens)
        assert tokenizer.decode(found) == text, (path, text, tokenizer.decode(found))


def main(folder):
    worst = 0.0
    for path in sorted(Path(folder).iterdir()):
        scored = json.loads((path / "scores.json").read_text())
        tokens = numpy.array(scored["tokens"], dtype=numpy.int64)
        expected = numpy.array(scored["scores"], dtype=numpy.float32)
        found = {}
        if (path / "model.onnx").exists():
            found["onnx"] = of_onnx(path / "model.onnx", tokens)
        if (path / "hf").exists():
            found["hf"] = of_transformers(path / "hf", tokens)
            check_tokenizer(path / "hf", scored["texts"])
        if (path / "model.gguf").exists():
            reader = GGUFReader(path / "model.gguf")
            names = {tensor.name for tensor in reader.tensors}
            assert {"token_embd.weight", "output_norm.weight"} <= names, names
        load_file(path / "model.safetensors")
        distances = {name: float(abs(f - expected).max()) for name, f in found.items()}
        worst = max(worst, *distances.values())
        print(path.name, {name: f"{distance:.1e}" for name, distance in distances.items()})
    print(f"largest difference: {worst:.1e}")
    assert worst < LIMIT


main(sys.argv[1])
