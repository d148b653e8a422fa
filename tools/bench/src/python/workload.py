"""Reads a workload's file and speaks the lines that ../serve.mjs describes."""

import json
import os
import struct
import sys
import time
from types import SimpleNamespace

MOST_COMPARED, LEAST_COMPARED, COMPARE_SECONDS = 21, 3, 2
LONG = 0.01  # seconds of a step


def say(message):
    print(json.dumps(message), flush=True)


def by_batch():
    """Whether batches come from NumPy and each loss is read, as in a training loop."""
    return "--by-batch" in sys.argv


def option(name, default):
    """What follows an option, as in --device cuda."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


def threads():
    """How many the contestant may use."""
    return int(os.environ["OMP_NUM_THREADS"])


def read():
    """Returns model and optimizer as the file has them, and as NumPy arrays parameters by name, inputs [K, B, T], targets [K, ...]."""
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
    model, optimizer = (json.loads(metadata[key]) for key in ("model", "optimizer"))
    return SimpleNamespace(model=model, optimizer=optimizer, parameters=tensors, inputs=inputs, targets=targets)


def serve(what, count, step, compared=None, finish=lambda: None):
    """step(batch) makes a step and returns its loss, as a number or something that float() reads; so does compared, where
    what is measured has no losses to compare."""
    losses = []
    begin = last = time.perf_counter()
    took = 0
    while len(losses) < MOST_COMPARED:
        if len(losses) >= LEAST_COMPARED and time.perf_counter() - begin > COMPARE_SECONDS:
            break
        losses.append(float((compared or step)(len(losses) % count)))
        now = time.perf_counter()
        took, last = now - last, now
        if len(losses) == 1:
            begin = now  # the first one compiles
    say({"what": what, "losses": losses})
    # Steps that are under way pile up: where one takes long, each is waited for, which then costs nothing.
    each = finish if took > LONG else lambda: None
    done = len(losses)
    for line in sys.stdin:
        seconds = float(line.split()[1])
        begin = time.perf_counter()
        steps = 0
        while time.perf_counter() - begin < seconds:
            step(done % count)
            each()
            done += 1
            steps += 1
        finish()
        say({"steps": steps, "seconds": time.perf_counter() - begin})
