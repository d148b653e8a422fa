import { signal } from '@preact/signals';
import type { ColorName } from '../../charts/canvas.js';
import { Curve } from '../../charts/curve.js';
import type { RunFacts, RunState } from '../../protocol.js';
import type { Fingerprint, Validation } from '../../happenings.js';
import type { KeptRun } from '../../state/library.js';
import { kept, runs } from '../../state/runs.js';
import type { PageRun } from '../../state/run.js';

/** A run as the room lists it, whether it is open or kept. */
export interface ListedRun {
  readonly id: string;
  readonly name: string;
  readonly color: ColorName;
  /** Nothing of one that is only kept. */
  readonly open: PageRun | undefined;
  readonly kept: KeptRun | undefined;
  readonly state: RunState;
  readonly step: number;
  readonly facts: RunFacts | undefined;
  readonly trainLoss: number;
  readonly stepsPerSecond: number;
  readonly validations: readonly Validation[];
  readonly fingerprint: Fingerprint | undefined;
  readonly curve: Curve;
}

/** All runs, the oldest first. Figures of open ones are as they are now, and nothing follows them: they change thousands of times a second. */
export function listedRuns(): readonly ListedRun[] {
  const all = [
    ...runs.value.map((one) => ({ createdMs: one.createdMs, listed: ofOpen(one) })),
    ...kept.value.map((one) => ({ createdMs: one.createdMs, listed: ofKept(one) })),
  ];
  return all.sort((a, b) => a.createdMs - b.createdMs).map(({ listed }) => listed);
}

function ofOpen(one: PageRun): ListedRun {
  return {
    id: one.id,
    name: one.name.value,
    color: one.color,
    open: one,
    kept: undefined,
    state: one.state.value,
    step: one.step.peek(),
    facts: one.facts.value,
    trainLoss: one.trainLoss.peek(),
    stepsPerSecond: one.stepsPerSecond.peek(),
    validations: one.validations.peek(),
    fingerprint: one.fingerprint.value,
    curve: one.curve,
  };
}

const curves = new WeakMap<KeptRun, Curve>();

function ofKept(one: KeptRun): ListedRun {
  let curve = curves.get(one);
  if (curve === undefined) {
    curve = new Curve();
    curve.load(one.losses, one.step);
    curves.set(one, curve);
  }
  const { id, name, color, state, step, facts, trainLoss, stepsPerSecond } = one;
  const { validations, fingerprint } = one;
  const own = { id, name, color, state, step, facts, trainLoss, stepsPerSecond };
  return { ...own, validations, fingerprint, open: undefined, kept: one, curve };
}

/** Runs that someone has ticked, or taken the tick from. */
const choices = signal<ReadonlyMap<string, boolean>>(new Map());

/** Whether a run is compared with others: an open one is, until someone takes its tick away. */
export const isTicked = ({ id, open }: ListedRun): boolean =>
  choices.value.get(id) ?? open !== undefined;

export function tick(id: string, ticked: boolean): void {
  choices.value = new Map([...choices.value, [id, ticked]]);
}
