"""What the Python client of W&B sends, and what ours sends, of the same short log: to one recording server on 127.0.0.1.

    pip install wandb
    npx nx build @llm101/wandb
    python tools/reference/wandb_client.py

Prints by field what is the same, what one of them leaves out, and where values of one name differ in kind; then sends a run of ours
that was offline by the client's own `wandb sync`, and compares it with the one that we sent. Ends with status 1 where `wandb sync` sends another
history, summary, table or artifact than we do, or where ours lacks something that isn't in OURS_LEAVES_OUT.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from recording_server import RecordingServer

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "k" * 40

PYTHON = """
import sys, wandb
open('model.bin', 'wb').write(b'12345')
run = wandb.init(project='proj', group='g', job_type='train', notes='why', tags=['a', 'b'], name='first',
                 config={'lr': 0.1, 'n': {'deep': 1}}, settings=wandb.Settings(x_stats_sampling_interval=1))
for i in range(3):
    run.log({'loss': 1 / (i + 1), 'h': wandb.Histogram(np_histogram=([1, 1, 2], [1, 2, 3, 4])), 'nan': float('nan')})
    print('line', i)
run.log({'samples': wandb.Table(columns=['step', 'text'], data=[[1, 'ana'], [2, 'leo']])})
run.summary['best'] = 0.1
run.log_artifact('model.bin', name='model', type='model')
run.finish()
"""

OURS = """
import { writeFileSync } from 'node:fs';
const { init, histogram, table } = await import(process.env.PACKAGE);
writeFileSync('model.bin', '12345');
const run = init({ project: 'proj', group: 'g', jobType: 'train', notes: 'why', tags: ['a', 'b'], name: 'first',
                   config: { lr: 0.1, n: { deep: 1 } }, console: true, timings: { statsMs: 1000 } });
for (let i = 0; i < 3; i++) {
  run.log({ loss: 1 / (i + 1), h: histogram({ minimum: 1, maximum: 4, counts: [1, 1, 2] }), nan: NaN });
  console.log('line', i);
}
run.log({ samples: table({ columns: ['step', 'text'], data: [[1, 'ana'], [2, 'leo']] }) });
run.updateSummary({ best: 0.1 });
run.logArtifact({ name: 'model', type: 'model', files: ['model.bin'] });
await run.finish();
"""

# Paths that the Python client sends and we don't, and why.
OURS_LEAVES_OUT = {
    "run.entity": "of the server's answer, where none is given",
    "run.config._wandb.cli_version": "a version of their client",
    "run.config._wandb.python_version": "ours is node_version",
    "run.config._wandb.t": "telemetry",
    "run.config._wandb.m": "define_metric",
    "run.config._wandb.e.python": "ours is node",
    "metadata.python": "ours is node",
    "files.requirements.txt": "of Python",
    "history.samples._latest_artifact_path": "tables are files, not artifacts too",
    "history.samples.artifact_path": "tables are files, not artifacts too",
    "history.samples.log_mode": "tables are files, not artifacts too",
    "summary.samples._latest_artifact_path": "tables are files, not artifacts too",
    "summary.samples.artifact_path": "tables are files, not artifacts too",
    "summary.samples.log_mode": "tables are files, not artifacts too",
    "artifacts.run_table": "tables are files, not artifacts too",
    "history.nan": "Python's wire has the number NaN",
}


def run_in(folder, command, server, **more):
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WANDB_")},
        "WANDB_BASE_URL": server.url,
        "WANDB_API_KEY": KEY,
        "WANDB_SILENT": "true",
        **more,
    }
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")


def checkout(parent, name):
    folder = Path(parent, name)
    folder.mkdir()
    for args in (["init", "-q"], ["remote", "add", "origin", "https://me:secret@example.org/a/b.git"]):
        subprocess.run(["git", *args], cwd=folder, check=True)
    commit = ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(["git", *commit], cwd=folder, check=True)
    return folder


def kind(value):
    """What a value is, where the value itself may differ from run to run."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else "list" if isinstance(value, list) else "object"


def paths(value, prefix):
    """Every leaf of what was sent, by its path; rows are one."""
    if isinstance(value, dict):
        leaves = {}
        for name, inner in value.items():
            leaves.update(paths(inner, f"{prefix}.{name}"))
        return leaves
    return {prefix: value}


def told(server):
    """What a server knows of the one run that it got, by path."""
    run = server.run
    variables = {name: value for name, value in run["variables"].items() if value is not None}
    config = {name: entry["value"] for name, entry in json.loads(variables.pop("config")).items()}
    writers = config["_wandb"].get("e", {})
    config["_wandb"]["e"] = next(iter(writers.values()), {})
    leaves = paths(variables, "run")
    leaves.update(paths(config, "run.config"))
    for row in run["history"]:
        leaves.update(paths(json.loads(row), "history"))
    for row in run["events"]:
        leaves.update({f"events.{name}": value for name, value in json.loads(row).items()})
    leaves.update(paths(json.loads(run["summary"]), "summary"))
    leaves["output"] = [line.split(" ", 1)[1] for line in run["output"]]
    leaves["exitcode"] = run["exitcode"]
    for name, content in run["files"].items():
        name = "media/table" if name.startswith("media/table") else name
        leaves[f"files.{name}"] = content
    leaves.update(paths(json.loads(run["files"]["wandb-metadata.json"]), "metadata"))
    for artifact in server.artifacts:
        leaves[f"artifacts.{artifact['input']['artifactTypeName']}"] = artifact["input"]["digest"]
    return leaves


def is_left_out(path):
    return any(path == known or path.startswith(f"{known}.") for known in OURS_LEAVES_OUT)


def compare(python, ours):
    problems = []
    same = sorted(path for path in python.keys() & ours.keys() if python[path] == ours[path])
    other = sorted(path for path in python.keys() & ours.keys() if python[path] != ours[path])
    print(f"equal ({len(same)}):", ", ".join(same))
    print(f"\nof the same name, with values of their own ({len(other)}):")
    for path in other:
        if kind(python[path]) == kind(ours[path]):
            print(f"  {path}")
        else:
            print(f"  {path}: {str(python[path])[:60]!r} there, {str(ours[path])[:60]!r} here")
    print("\nPython alone:")
    for path in sorted(python.keys() - ours.keys()):
        reason = next((why for known, why in OURS_LEAVES_OUT.items() if path == known or path.startswith(f"{known}.")), None)
        print(f"  {path}: {reason or 'PROBLEM: not in OURS_LEAVES_OUT'}")
        if reason is None:
            problems.append(path)
    print("\nours alone:")
    for path in sorted(ours.keys() - python.keys()):
        print(f"  {path}: {str(ours[path])[:60]}")
    return problems


def compare_synced(ours, synced):
    """What `wandb sync` makes of an offline run of ours."""
    wanted = [path for path in ours if path.split(".")[0] in ("history", "summary", "artifacts", "exitcode", "output")]
    wanted += [path for path in ours if path.startswith("files.media")] + ["run.groupName", "run.jobType", "run.tags", "run.notes"]
    clock = ("_runtime", "_timestamp", "_wandb.runtime")
    wrong = [
        path
        for path in wanted
        if path not in synced or (not path.endswith(clock) and synced[path] != ours[path])
    ]
    lost = [path for path in ours if path.startswith("events.") and path not in synced]
    return wrong + lost


with tempfile.TemporaryDirectory() as parent:
    package = {"PACKAGE": str(ROOT / "packages/wandb/dist/index.js")}
    servers = {}
    for name, command, more in (
        ("python", [sys.executable, "-c", PYTHON], {}),
        ("ours", ["node", "--input-type=module", "-e", OURS], package),
    ):
        with RecordingServer() as server:
            folder = checkout(parent, name)
            run_in(folder, command, server, **more)
            servers[name] = server
    with RecordingServer() as server:
        folder = checkout(parent, "offline")
        run_in(folder, ["node", "--input-type=module", "-e", OURS], server, WANDB_MODE="offline", **package)
        assert not server.requests, "a run that is offline must send nothing"
        [run] = folder.glob("wandb/offline-run-*")
        run_in(folder, [str(Path(sys.executable).parent / "wandb"), "sync", str(run)], server)
        servers["synced"] = server

python, ours, synced = (told(servers[name]) for name in ("python", "ours", "synced"))
problems = compare(python, ours)
wrong = compare_synced(ours, synced)
print("\nthe same run, offline, sent by `wandb sync`:", "as we send it" if not wrong else f"PROBLEM: {wrong}")
secret = [name for name, server in servers.items() if name != "python" and server.holds(b"secret")]
print("the password of git's remote is sent by:", ", ".join(name for name, server in servers.items() if server.holds(b"secret")) or "none")
sys.exit(1 if problems or wrong or secret else 0)
