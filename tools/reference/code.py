"""Runs the PyTorch scripts that @llm101/runs/code writes, and compares their losses with ours.

    pip install torch tokenizers regex
    npm run build && node packages/runs/scripts/write-programs.mjs /tmp/programs
    python tools/reference/code.py /tmp/programs

The second trains and writes the scripts. This runs each and says how far its mean losses of steps, and its loss on what is held out, are
from ours at most, above 1 as a fraction; 1e-5 is the limit, with Muon, whose products are of bfloat16, 1e-3. Where a script says at its beginning that something
differs, the limit is a half. A second argument narrows it to the runs whose names have it.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMIT = 1e-5
LIMIT_OF_MUON = 1e-3
folder, part = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""


def compare(run):
    if "refused" in run:
        return f"     -  {run['name']}: {run['refused']}", True
    script = (folder / run["file"]).read_text()
    ran = subprocess.run([sys.executable, run["file"]], cwd=folder, capture_output=True, text=True)
    if ran.returncode != 0:
        return f"FAILED  {run['name']}: {ran.stderr.strip().splitlines()[-1]}", False
    lines = [line.split() for line in ran.stdout.splitlines()]
    losses = {line[0]: float(line[1]) for line in lines if line[0].isdigit() and line[1] != "estimated"}
    pairs = [(loss, run["losses"][step]) for step, loss in losses.items()]
    pairs.append((float(lines[-1][1]), run["validation"]))
    apart = [abs(theirs - ours) / max(1, ours) for theirs, ours in pairs]
    limit = 0.5 if " here, " in script.split('"""')[1] else LIMIT_OF_MUON if "Muon" in script else LIMIT
    good = max(apart) <= limit and len(apart) > 1
    return f"{max(apart):.0e}{'' if good else ' TOO FAR'}  {run['name']}", good


with ThreadPoolExecutor(2) as pool:
    runs = json.loads((folder / "runs.json").read_text())
    compared = list(pool.map(compare, [run for run in runs if part in run["name"]]))
print("\n".join(line for line, _ in compared))
sys.exit(0 if all(good for _, good in compared) else 1)
