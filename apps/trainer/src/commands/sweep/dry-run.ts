import { Generator } from '@llm101/random';
import {
  aboutSteps,
  modelConfigOf,
  multiplicationsOf,
  parameterCount,
  type PreparedData,
  Run,
  type Settings,
  SPLIT_SETTINGS,
  UserError,
} from '@llm101/runs';
import { type Job, type Point, settingsOfTrial, type Sweep, SweepPlan } from '@llm101/sweeps';
import { formatDuration } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { loadAndSplit } from '../../run-folder/data.js';
import { count, formatTable, type Output } from '../../terminal/output.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { describePoint, describeSweep } from './answer.js';

/** What {@link dryRun} needs besides the sweep. */
export interface DryRunOptions {
  readonly output: Output;
  /** Trials that would run at a time. */
  readonly concurrency: number;
  readonly stop: StopSignal;
}

/** A trial that would run. */
interface Planned {
  readonly trial: number;
  readonly point: Point;
  readonly settings: Settings | undefined;
  /** Why its run can't have these settings. */
  readonly error: string | undefined;
  readonly parameters: number;
  /** Of a run with epochs, about. */
  readonly steps: number;
  /** Multiplications of a step, forward. */
  readonly cost: number;
}

/** Starting a process, and what a run writes at its end, in seconds. */
const PROCESS_SECONDS = 1;
/** How long a setting is tried for its speed. */
const MEASURE_MS = 1000;
/** The learning rate meanwhile, by which no loss becomes NaN. */
const LITTLE = 1e-6;

/**
 * Prints what a sweep would run: its trials as far as they are known before any has a result, with their parameters, and how many there would
 * be in all and how long they would take, by the speed of up to three of them, each of which is trained for a second.
 *
 * @returns the exit status: 1 where no trial can run
 */
export async function dryRun(
  sweep: Sweep,
  { output, concurrency, stop }: DryRunOptions,
): Promise<number> {
  await startBackend();
  const dataOf = dataLoader(output, stop);
  const known = await plannedTrials(knownTrials(sweep), dataOf);
  const { jobs, trials } = simulate(sweep, known);
  const speed = await speedOf(known, dataOf, stop);
  const seconds = jobs.reduce((sum, { steps, validations, trial }) => {
    const cost = known[Math.min(trial, known.length - 1)]?.cost ?? 0;
    return sum + PROCESS_SECONDS + steps * speed.step(cost) + validations * speed.validation(cost);
  }, 0);
  const durationMs = (1000 * seconds) / concurrency;
  const total = jobs.reduce((sum, job) => sum + job.steps, 0);
  const head = ['trial', 'settings', 'parameters', 'steps'];
  const rows = known.map(({ trial, point, settings, error, parameters, steps }) => [
    String(trial),
    describePoint(point),
    settings === undefined ? '' : count(parameters),
    settings === undefined
      ? `fails: ${error}`
      : `${settings.epochs === undefined ? '' : 'about '}${count(steps)}`,
  ]);
  const later =
    trials > known.length
      ? [`and ${trials - known.length} more, whose settings depend on the results`]
      : [];
  const answer = [
    describeSweep(sweep),
    '',
    ...formatTable([head, ...rows], 'left'),
    ...later,
    '',
    [counted(trials, 'trial'), counted(jobs.length, 'part'), counted(total, 'step')].join(', '),
    `about ${formatDuration(durationMs)}, ${concurrency} at a time`,
  ];
  output.answer(answer, {
    status: 'dry run',
    trials: known.map(({ trial, point, error, parameters, steps }) => ({
      trial,
      settings: point,
      ...(error === undefined ? { parameters, maxSteps: steps } : { error }),
    })),
    total: {
      trials,
      jobs: jobs.length,
      steps: total,
      durationMs: Math.round(durationMs),
      concurrency,
    },
  });
  return known.some(({ error }) => error === undefined) ? 0 : 1;
}

/** A part of a run. */
interface Part {
  readonly trial: number;
  readonly steps: number;
  readonly validations: number;
}

/** `1 trial`, `2 trials` */
const counted = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`;

/** The parts of runs that there would be: how many go on depends little on their results, which are chance here. */
function simulate(
  sweep: Sweep,
  known: readonly Planned[],
): { readonly jobs: readonly Part[]; readonly trials: number } {
  const plan = new SweepPlan(sweep);
  const chance = Generator.seeded(0);
  const done = new Map<string, number>();
  const jobs: Part[] = [];
  for (let job = plan.next(); job !== undefined; job = plan.next()) {
    const { trial, repetition, until } = job;
    const settings = settingsIfRight(sweep, plan, job);
    if (typeof settings === 'string') {
      plan.report({ ...job, status: 'failed', step: 0 });
      continue;
    }
    const key = `${trial}/${repetition}`;
    const end = until ?? known.at(trial)?.steps ?? settings.maxSteps;
    const steps = end - (done.get(key) ?? 0);
    done.set(key, end);
    const validations =
      (settings.valInterval === 0 ? 0 : steps / settings.valInterval) +
      (until === undefined ? 1 : 0);
    jobs.push({ trial, steps, validations });
    plan.report({
      ...job,
      status: until === undefined ? 'finished' : 'paused',
      step: end,
      value: chance.nextDouble(),
    });
  }
  return { jobs, trials: plan.trials.length };
}

function settingsIfRight(
  sweep: Sweep,
  plan: SweepPlan,
  { trial, repetition }: Job,
): Settings | string {
  try {
    return settingsOfTrial(sweep, { point: plan.trials[trial].point, repetition });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** The trials that are known before any has a result. */
function knownTrials(
  sweep: Sweep,
): { readonly point: Point; readonly settings: Settings | string }[] {
  const plan = new SweepPlan(sweep);
  const settings = new Map<number, Settings | string>();
  for (let job = plan.next(); job !== undefined; job = plan.next()) {
    if (!settings.has(job.trial)) settings.set(job.trial, settingsIfRight(sweep, plan, job));
  }
  return plan.trials.flatMap(({ number, point }) => {
    const own = settings.get(number);
    return own === undefined ? [] : [{ point, settings: own }];
  });
}

type DataOf = (settings: Settings) => Promise<PreparedData>;

/** Reads a text once for all trials that read it in the same way. */
function dataLoader(output: Output, { signal }: StopSignal): DataOf {
  const loaded = new Map<string, Promise<PreparedData>>();
  return (settings) => {
    const key = JSON.stringify(SPLIT_SETTINGS.map((name) => settings[name] ?? null));
    const data = loaded.get(key) ?? loadAndSplit(settings, { output, signal });
    loaded.set(key, data);
    return data;
  };
}

async function plannedTrials(
  trials: ReturnType<typeof knownTrials>,
  dataOf: DataOf,
): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (const [trial, { point, settings }] of trials.entries()) {
    if (typeof settings === 'string') {
      planned.push({
        trial,
        point,
        settings: undefined,
        error: settings,
        parameters: 0,
        steps: 0,
        cost: 0,
      });
      continue;
    }
    const data = await dataOf(settings);
    const config = modelConfigOf(settings, data.tokenizer.vocabSize);
    const cost = multiplicationsOf(config) * settings.batchSize;
    planned.push({
      trial,
      point,
      settings,
      error: undefined,
      parameters: parameterCount(config),
      steps: aboutSteps(settings, data),
      cost,
    });
  }
  return planned;
}

/** Seconds by multiplications. */
interface Speed {
  readonly step: (cost: number) => number;
  readonly validation: (cost: number) => number;
}

/** Trains the cheapest, the middle and the dearest trial for a second each. */
async function speedOf(
  planned: readonly Planned[],
  dataOf: DataOf,
  stop: StopSignal,
): Promise<Speed> {
  const sorted = planned
    .filter(({ settings }) => settings !== undefined)
    .toSorted((a, b) => a.cost - b.cost);
  const chosen = [
    ...new Map(
      [0, 0.5, 1]
        .map((share) => sorted.at(Math.round(share * (sorted.length - 1))))
        .flatMap((own) => (own === undefined ? [] : [[own.cost, own] as const])),
    ),
  ];
  const points: { cost: number; step: number; validation: number }[] = [];
  for (const [cost, { settings }] of chosen) {
    if (settings === undefined) continue;
    await stop.check('stopped; nothing was trained');
    points.push({ cost, ...(await measure(settings, await dataOf(settings))) });
  }
  const by =
    (name: 'step' | 'validation') =>
    (cost: number): number =>
      interpolated(
        points.map((own) => [own.cost, own[name]]),
        cost,
      );
  return { step: by('step'), validation: by('validation') };
}

async function measure(
  settings: Settings,
  data: PreparedData,
): Promise<{ step: number; validation: number }> {
  const run = new Run(
    { ...settings, valInterval: 0, patience: 0, sampleInterval: 0, watchInterval: 0, lr: LITTLE },
    data,
    compile,
  );
  try {
    let beganMs = 0;
    let steps = -3; // the first are slower, as they are compiled
    const enough = new AbortController();
    await run.train({
      signal: enough.signal,
      listeners: [
        ({ type }) => {
          if (type !== 'step') return;
          steps++;
          if (steps === 0) beganMs = performance.now();
          else if (steps > 0 && performance.now() - beganMs > MEASURE_MS) enough.abort();
        },
      ],
    });
    const endedMs = performance.now();
    await run.evaluate();
    const validation = (performance.now() - endedMs) / 1000;
    return { step: (endedMs - beganMs) / 1000 / Math.max(1, steps), validation };
  } finally {
    run.dispose();
  }
}

/** Between two points on a straight line, before the first and after the last as these. */
function interpolated(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const after = points.findIndex(([own]) => own >= x);
  if (after <= 0) return points.at(after)?.[1] ?? 0;
  const [[x0, y0], [x1, y1]] = [points[after - 1], points[after]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
