import { UsageError } from '@llm101/runs';
import { JsonError, parseJson } from '@llm101/safetensors';
import { parseResults, parseSweep, SweepPlan } from '@llm101/sweeps';
import { below, mutateText } from './mutate.mjs';

const SWEEP =
  '{"settings":{"model":"mlp","maxSteps":900},"space":{"lr":{"logUniform":[0.001,1]},"heads":{"choice":[2,4],"when":{"model":"gpt"}}},' +
  '"trials":9,"sampler":"tpe","scheduler":{"kind":"asha","minSteps":100,"reduction":3},"seeds":2,"inFlight":3}';
const RESULTS = [
  '{"trial":0,"repetition":0,"until":100,"status":"paused","step":100,"value":2.5,"durationMs":3}',
  '{"trial":1,"repetition":1,"status":"failed","step":3,"error":"the loss must be finite"}',
];

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
  ];
}
