import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type {
  Flags,
  FromWorker,
  OwnText,
  Problem,
  RequestName,
  Requests,
  RunFacts,
  RunState,
} from '../protocol.js';
import type { Level } from '../charts/curves.js';
import { t } from '../strings/index.js';
import type { AskOptions, Client } from './client.js';
import { Curve } from '../charts/curve.js';
import type { Fingerprint, Samples, Validation } from './happenings.js';
import { keepRun, type KeptRun } from './library.js';

/** What a run is made of. */
export type RunParts = Pick<KeptRun, 'id' | 'name' | 'flags' | 'text' | 'createdMs'>;

/** A run on the page: its worker, and all that was heard of it. Charts read `curve` and `rates` when `frame` changes. */
export class PageRun {
  readonly id: string;
  readonly name: Signal<string>;
  readonly flags: Flags;
  readonly text: OwnText | undefined;
  readonly facts: Signal<RunFacts | undefined> = signal(undefined);
  readonly state: Signal<RunState> = signal('loading');
  readonly step: Signal<number> = signal(0);
  readonly trainLoss: Signal<number> = signal(NaN);
  readonly learningRate: Signal<number> = signal(NaN);
  readonly stepsPerSecond: Signal<number> = signal(0);
  readonly validations: Signal<readonly Validation[]> = signal([]);
  readonly samples: Signal<readonly Samples[]> = signal([]);
  readonly fingerprint: Signal<Fingerprint | undefined> = signal(undefined);
  readonly savedStep: Signal<number | undefined> = signal(undefined);
  readonly problem: Signal<Problem | undefined> = signal(undefined);
  readonly warnings: Signal<readonly string[]> = signal([]);
  /** What simpler models come to on the validation text. */
  readonly baselines: Signal<readonly Level[]> = signal([]);
  /** The loss of each step's batch, and the learning rate. */
  readonly curve = new Curve();
  readonly rates = new Curve();
  /** Counts messages with steps. */
  readonly frame: Signal<number> = signal(0);
  readonly #createdMs: number;
  readonly #client: Client;
  /** What was kept of it, until it has begun. */
  #kept: KeptRun | undefined;
  /** Performance time of the first step that came. */
  firstStepMs: number | undefined;

  /** @param kept - what this browser has of it, where it was begun before */
  constructor({ id, name, flags, text, createdMs }: RunParts, client: Client, kept?: KeptRun) {
    this.id = id;
    this.#createdMs = createdMs;
    this.#kept = kept;
    this.name = signal(name);
    this.flags = flags;
    this.text = text;
    this.#client = client;
    client.onMessage = (message) => this.#hear(message);
  }

  start(paused: boolean): void {
    const { id, flags, text } = this;
    this.#client.tell({ type: 'start', request: { id, flags, text, paused } });
  }

  pause(): void {
    this.#client.tell({ type: 'pause' });
  }

  resume(): void {
    this.#client.tell({ type: 'resume' });
  }

  stepBy(count: number): void {
    this.#client.tell({ type: 'step', count });
  }

  stop(): void {
    this.#client.tell({ type: 'stop' });
  }

  save(): void {
    this.#client.tell({ type: 'save' });
  }

  ask<Name extends RequestName>(
    name: Name,
    input: Requests[Name]['input'],
    options?: AskOptions<Name>,
  ): Promise<Requests[Name]['output']> {
    return this.#client.ask(name, input, options);
  }

  /** Ends its worker; what is kept in the browser stays. */
  close(): void {
    this.#client.end();
  }

  /** Keeps in this browser what the page knows of it; its checkpoints are the worker's. */
  async keep({ isOpen = true } = {}): Promise<void> {
    try {
      await keepRun({
        id: this.id,
        name: this.name.value,
        flags: this.flags,
        text: this.text,
        createdMs: this.#createdMs,
        isOpen,
        step: this.step.value,
        state: this.state.value,
        facts: this.facts.value,
        validations: this.validations.value,
        samples: this.samples.value,
        fingerprint: this.fingerprint.value,
        trainLoss: this.trainLoss.value,
        losses: this.curve.save(),
        rates: this.rates.save(),
      });
    } catch (error) {
      const message = t.kept.failed(error instanceof Error ? error.message : String(error));
      if (!this.warnings.value.includes(message))
        this.warnings.value = [...this.warnings.value, message];
    }
  }

  #begin(facts: RunFacts): void {
    const { step } = facts;
    this.facts.value = facts;
    this.step.value = step;
    this.curve.startAt(step + 1);
    this.rates.startAt(step + 1);
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined || step === 0) return;
    this.curve.load(kept.losses, step);
    this.rates.load(kept.rates, step);
    const before = <One extends { readonly step: number }>(all: readonly One[]): readonly One[] =>
      all.filter((one) => one.step <= step);
    this.validations.value = before(kept.validations);
    this.samples.value = before(kept.samples);
    this.trainLoss.value = kept.trainLoss;
    this.frame.value += 1;
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'begun':
        this.#begin(message.facts);
        break;
      case 'steps': {
        const { first, losses, trainLoss, learningRate, stepsPerSecond } = message;
        this.firstStepMs ??= performance.now();
        this.curve.push(losses);
        this.rates.push(new Float32Array(losses.length).fill(learningRate));
        this.step.value = first + losses.length - 1;
        this.trainLoss.value = trainLoss;
        this.learningRate.value = learningRate;
        this.stepsPerSecond.value = smoothed(this.stepsPerSecond, stepsPerSecond);
        this.frame.value += 1;
        break;
      }
      case 'validation': {
        const { type: _, ...validation } = message;
        this.validations.value = [...this.validations.value, validation];
        break;
      }
      case 'samples':
        this.samples.value = [...this.samples.value, message];
        break;
      case 'state':
        this.state.value = message.state;
        this.step.value = message.step;
        break;
      case 'fingerprint':
        this.fingerprint.value = message;
        break;
      case 'saved':
        this.savedStep.value = message.step;
        void this.keep();
        break;
      case 'problem':
        this.problem.value = message.problem;
        break;
      case 'warning':
        this.warnings.value = [...this.warnings.value, message.message];
        break;
      case 'ready':
      case 'log':
      case 'progress':
      case 'answer':
      case 'refusal':
        break;
    }
  }
}

/** A figure that doesn't flicker: a mean of the last half second or so. */
function smoothed(before: ReadonlySignal<number>, now: number): number {
  return before.value === 0 ? now : before.value + (now - before.value) / 20;
}
