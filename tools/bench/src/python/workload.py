"""Reads a workload's file and speaks the lines that ../serve.mjs describes."""

import json
import struct
import sys
import time

COMPARED = 20


def say(message):
    print(json.dumps(message), flush=True)


def by_batch():
    """Whether batches come from NumPy and each loss is read, as in a training loop."""
    return "--by-batch" in sys.argv


def read():
    """Returns (name, learning rate, parameters by name, inputs [K, B, T], targets [K, ...]) as NumPy arrays."""
    import numpy

    with open(sys.argv[-1], "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, info in header.items():
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        dtype = {"F32": numpy.float32, "I32": numpy.int32}[info["dtype"]]
        tensors[name] = numpy.frombuffer(data[begin:end], dtype).reshape(info["shape"]).copy()
    inputs, targets = tensors.pop("inputs"), tensors.pop("targets")
    return metadata["name"], float(metadata["learningRate"]), tensors, inputs, targets


def serve(what, count, step, finish):
    """step(batch) makes a step and returns its loss, as a number or something that float() reads."""
    say({"what": what, "losses": [float(step(i % count)) for i in range(COMPARED + 1)]})
    done = COMPARED + 1
    for line in sys.stdin:
        seconds = float(line.split()[1])
        begin = time.perf_counter()
        steps = 0
        while time.perf_counter() - begin < seconds:
            step(done % count)
            done += 1
            steps += 1
        finish()
        say({"steps": steps, "seconds": time.perf_counter() - begin})
