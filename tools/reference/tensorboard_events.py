"""What TensorBoard's own readers find in runs of llm101: losses in one chart, and the table of the HParams plugin.

    pip install tensorboard
    llm101 train --max-steps 200 --log tensorboard --run-dir /tmp/runs/a
    llm101 train --max-steps 200 --lr 0.1 --log tensorboard --run-dir /tmp/runs/b
    python tools/reference/tensorboard_events.py /tmp/runs

Serves the folder on 127.0.0.1 as `tensorboard --logdir` does, asks it what its page asks, and ends with status 1 where a run lacks the
loss of a part that it logged, or the plugin a run's settings, figures or end.
"""

import json
import sys
import time
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

logdir = sys.argv[1]
server = program.TensorBoard()
server.configure(argv=[None, "--logdir", logdir, "--port", "0", "--host", "127.0.0.1", "--load_fast", "false"])
base = server.launch().rstrip("/")


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{base}/data/{path}", data, {"Content-Type": "application/json"})) as answer:
        return json.load(answer)


LOSSES = {"train": "trainLoss", "validation": "valLoss"}


def loss_run(run, part):
    return part if run == "." else f"{run}/{part}"


for _ in range(100):  # it reads in the background
    runs = ask("plugin/scalars/tags")
    trainings = sorted(run for run, tags in runs.items() if "trainLoss" in tags)
    parts = [(run, part) for run in trainings for part, figure in LOSSES.items() if figure in runs[run]]
    if trainings and all(loss_run(run, part) in runs for run, part in parts):
        break
    time.sleep(0.1)

problems = []
print("scalars, and in how many runs they are drawn together:")
for tag in sorted({tag for tags in runs.values() for tag in tags}):
    print(f"  {tag}: {sum(tag in tags for tags in runs.values())}")
for run in trainings:
    for part, figure in LOSSES.items():
        if figure not in runs[run]:
            print(f"{run}: it logged no {figure}")  # it ended before its first validation
            continue
        if loss_run(run, part) not in runs:
            problems.append(f"{run}: there is no {part}/")
            continue
        own = ask("plugin/scalars/scalars?" + urlencode({"run": loss_run(run, part), "tag": "loss"}))
        named = ask("plugin/scalars/scalars?" + urlencode({"run": run, "tag": figure}))
        if not own or [point[1:] for point in own] != [point[1:] for point in named]:
            problems.append(f"{run}: loss in {part}/ is not its {figure}")
    events = EventAccumulator(f"{logdir}/{run}").Reload()
    print(f"{run}: {sum(len(events.Scalars(tag)) for tag in events.Tags()['scalars'])} figures read by EventAccumulator")

experiment = ask("plugin/hparams/experiment", {"experimentName": ""})
print("hparams:", ", ".join(f"{info['name']} ({info['type']})" for info in experiment["hparamInfos"]))
print("metrics:", ", ".join(info["name"]["tag"] for info in experiment["metricInfos"]))
groups = ask(
    "plugin/hparams/session_groups",
    {
        "experimentName": "",
        "allowedStatuses": ["STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING", "STATUS_UNKNOWN"],
        "colParams": [{"metric": {"group": "", "tag": "valLoss"}, "order": "ORDER_ASC"}],
        "startIndex": 0,
        "sliceSize": 1000,
    },
)["sessionGroups"]
for group in groups:
    [session] = group["sessions"]
    figures = {value["name"]["tag"]: value["value"] for value in session.get("metricValues", [])}
    print(f"{session['name']}: {session['status']} lr={group['hparams'].get('lr')} {figures}")
    logged = {figure for figure in LOSSES.values() if figure in runs[session["name"]]}
    if session["status"] != "STATUS_SUCCESS" or logged - figures.keys():
        problems.append(f"{session['name']}: no end, or no {' or '.join(sorted(logged - figures.keys()))}")
if len(groups) != len(trainings):
    problems.append(f"{len(groups)} sessions of {len(trainings)} runs")
for problem in problems:
    print("PROBLEM", problem)
sys.exit(1 if problems or not trainings else 0)
