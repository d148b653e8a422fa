import { UsageError, UserError } from '@llm101/runs';
import { JsonError, parseJson } from '@llm101/safetensors';
import { parseResults, parseSweep, SweepPlan } from '@llm101/sweeps';
import { pack, parseJob, parseResultOf, travels, unpack } from '@llm101/sweeps/bullmq';
import { below, mutateBytes, mutateText } from './mutate.mjs';

const SWEEP =
  '{"settings":{"model":"mlp","maxSteps":900},"space":{"lr":{"logUniform":[0.001,1]},"heads":{"choice":[2,4],"when":{"model":"gpt"}}},' +
  '"trials":9,"sampler":"tpe","scheduler":{"kind":"asha","minSteps":100,"reduction":3},"seeds":2,"inFlight":3}';
const RESULTS = [
  '{"trial":0,"repetition":0,"until":100,"status":"paused","step":100,"value":2.5,"durationMs":3}',
  '{"trial":1,"repetition":1,"status":"failed","step":3,"error":"the loss must be finite"}',
];

const JOB =
  '{"version":1,"trial":3,"repetition":0,"until":100,"objective":"valLoss","settings":{"model":"mlp","lr":0.1,"maxSteps":900},' +
  '"files":{"data":{"shared":"texts/a.txt"},"initFrom":{"shared":"runs/1"}}}';
const FILES = new Map(
  ['config.json', 'metrics.jsonl', 'checkpoints/step-00000100.safetensors'].map((name) => [
    name,
    new TextEncoder().encode(name),
  ]),
);

/** The file of a sweep, and what came of its trials. @returns {import('./targets.mjs').Target[]} */
export function sweepTargets() {
  return [
    {
      name: 'sweep',
      input: (random) => new TextEncoder().encode(mutateText(SWEEP, random)),
      read(file) {
        const raw = parseJson(new TextDecoder().decode(file), { depth: 8, values: 10_000 });
        if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return;
        const plan = new SweepPlan(parseSweep({ ...raw }, 'sweep.json'));
        for (let i = 0; i < 50 && plan.next() !== undefined; i++);
      },
      refuses: [JsonError, UsageError],
    },
    {
      name: 'results of a sweep',
      input: (random) =>
        new TextEncoder().encode(
          RESULTS.map((line) => (below(random, 2) ? line : mutateText(line, random))).join('\n'),
        ),
      read(file) {
        const results = parseResults(new TextDecoder().decode(file));
        if (!results.every(({ step }) => Number.isSafeInteger(step)))
          throw new Error('a result has no step');
      },
      refuses: [],
    },
    {
      name: 'job of a queue',
      input: (random) => new TextEncoder().encode(mutateText(JOB, random)),
      read(file) {
        const { settings, files } = parseJob(new TextDecoder().decode(file));
        const paths = Object.values(files).map((place) =>
          place && 'shared' in place ? place.shared : '',
        );
        if ('data' in settings || paths.some((path) => /^[/\\]|(^|\/)\.\.(\/|$)/.test(path)))
          throw new Error('a job has a path');
      },
      refuses: [UserError],
    },
    {
      name: 'files from a queue',
      input: (random) => mutateBytes(new Uint8Array(pack(FILES)), random),
      read(file) {
        if (![...unpack(Buffer.from(file)).keys()].every(travels)) throw new Error('a stray file');
      },
      refuses: [UserError],
    },
    {
      name: 'result from a queue',
      input: (random) => new TextEncoder().encode(mutateText(RESULTS[0], random)),
      read(file) {
        const job = { trial: 0, repetition: 0, until: 100 };
        const { trial, step } = parseResultOf(job, new TextDecoder().decode(file));
        if (trial !== 0 || !Number.isSafeInteger(step)) throw new Error('another result');
      },
      refuses: [UserError],
    },
  ];
}
