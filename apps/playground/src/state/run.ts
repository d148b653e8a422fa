import { signal, type Signal } from '@preact/signals';
import type {
  Flags,
  FromWorker,
  OwnText,
  Problem,
  RequestName,
  Requests,
  RunFacts,
  RunRequest,
  RunState,
} from '../protocol.js';
import type { ColorName } from '../charts/canvas.js';
import type { Basis, Brought, RunHistory } from '../run-requests.js';
import { t } from '../strings/index.js';
import type { Baseline } from '../text-requests.js';
import { type AskOptions, asProblem, type Client } from './client.js';
import { Curve } from '../charts/curve.js';
import type { Fingerprint, Samples, Validation } from '../happenings.js';
import { keepRun, type KeptRun } from './library.js';

/** What a run is made of. */
export type RunParts = Pick<
  KeptRun,
  'id' | 'name' | 'flags' | 'text' | 'basis' | 'color' | 'createdMs'
>;

/** What was known of a run before. */
export type RunPast = RunHistory &
  Partial<
    Pick<
      KeptRun,
      'losses' | 'rates' | 'speeds' | 'seconds' | 'learningRate' | 'stepsPerSecond' | 'problem'
    >
  >;

/** How a run begins on this page. */
export interface StartOptions {
  /** Whether it waits before its first step. */
  readonly paused: boolean;
  readonly brought?: Brought | undefined;
  /** What whoever shared it had come to. */
  readonly expected?: Fingerprint | undefined;
  /** Where it is over. */
  readonly ended?: RunRequest['ended'];
}

/** Whether the weights are those that whoever shared the run had: not yet known, or the run is past that step. */
export type Verdict = 'waiting' | 'same' | 'differs' | 'passed';

/** A run on the page: its worker, and all that was heard of it. Charts read `curve` and `rates` when `frame` changes. */
export class PageRun {
  readonly id: string;
  readonly name: Signal<string>;
  readonly flags: Flags;
  readonly text: OwnText | undefined;
  readonly basis: Basis | undefined;
  readonly color: ColorName;
  readonly createdMs: number;
  readonly facts: Signal<RunFacts | undefined> = signal(undefined);
  readonly state: Signal<RunState> = signal('loading');
  readonly step: Signal<number> = signal(0);
  readonly trainLoss: Signal<number> = signal(NaN);
  readonly learningRate: Signal<number> = signal(NaN);
  readonly stepsPerSecond: Signal<number> = signal(0);
  /** Seconds that it has trained, pauses left out. */
  readonly seconds: Signal<number> = signal(0);
  readonly validations: Signal<readonly Validation[]> = signal([]);
  readonly samples: Signal<readonly Samples[]> = signal([]);
  readonly fingerprint: Signal<Fingerprint | undefined> = signal(undefined);
  readonly savedStep: Signal<number | undefined> = signal(undefined);
  readonly problem: Signal<Problem | undefined> = signal(undefined);
  readonly warnings: Signal<readonly string[]> = signal([]);
  /** What simpler models come to on the validation text. */
  readonly baselines: Signal<readonly Baseline[]> = signal([]);
  /** The loss of each step's batch, the learning rate, and steps a second. */
  readonly curve = new Curve();
  readonly rates = new Curve();
  readonly speeds = new Curve();
  /** Counts messages with steps. */
  readonly frame: Signal<number> = signal(0);
  /** What it is compared with, where an address says that. */
  readonly expected: Signal<Fingerprint | undefined> = signal(undefined);
  readonly verdict: Signal<Verdict> = signal('waiting');
  readonly #client: Client;
  /** What was known of it, until it has begun. */
  #past: RunPast | undefined;
  /** How it ended before, where it was opened again. */
  #ended: RunRequest['ended'];
  #tellClosed = (): void => {};
  readonly #closed = new Promise<void>((resolve) => (this.#tellClosed = resolve));
  /** Who waits until it is kept. */
  #onSaved: (() => void)[] = [];
  /** Whether it is closed: what comes late doesn't open it again. */
  #isClosed = false;

  /** @param past - what is known of it, where it was begun before */
  constructor(
    { id, name, flags, text, basis, color, createdMs }: RunParts,
    client: Client,
    past?: RunPast,
  ) {
    this.id = id;
    this.createdMs = createdMs;
    this.#past = past;
    this.name = signal(name);
    this.flags = flags;
    this.text = text;
    this.basis = basis;
    this.color = color;
    this.#client = client;
    client.onMessage = (message) => this.#hear(message);
    client.onLost = (problem) => {
      this.problem.value = problem;
      this.state.value = 'failed';
    };
  }

  start({ paused, brought, expected, ended }: StartOptions): void {
    const { id, flags, text, basis } = this;
    this.expected.value = expected;
    this.#ended = ended;
    const own = { id, flags, text, basis, paused, brought, ended };
    const request = { ...own, fingerprintAt: expected?.step };
    this.#client.tell({ type: 'start', request });
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

  /** Saves it, and waits until that is done, though not for ever: a worker may be lost. */
  async saved(): Promise<void> {
    if (!['running', 'paused'].includes(this.state.value)) return;
    const done = new Promise<void>((resolve) => {
      this.#onSaved.push(resolve);
      setTimeout(resolve, MOST_SAVE_MS);
    });
    this.save();
    await done;
  }

  async rename(name: string): Promise<void> {
    this.name.value = name;
    await this.keep();
  }

  ask<Name extends RequestName>(
    name: Name,
    input: Requests[Name]['input'],
    options?: AskOptions<Name>,
  ): Promise<Requests[Name]['output']> {
    return this.#client.ask(name, input, options);
  }

  /** Has something done once it is closed. */
  onClose(work: (() => void) | undefined): void {
    if (work !== undefined) void this.#closed.then(work);
  }

  /** Ends its worker; what is kept in the browser stays. */
  close(): void {
    this.#client.end();
    this.#tellClosed();
  }

  /** Keeps in this browser what the page knows of it; its checkpoints are the worker's. */
  async keep({ isOpen = true } = {}): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = !isOpen;
    try {
      await keepRun({
        id: this.id,
        name: this.name.value,
        flags: this.flags,
        text: this.text,
        basis: this.basis,
        color: this.color,
        createdMs: this.createdMs,
        isOpen,
        isRemoved: false,
        step: this.step.value,
        state: this.state.value,
        problem: this.problem.value,
        facts: this.facts.value,
        validations: this.validations.value,
        samples: this.samples.value,
        fingerprint: this.fingerprint.value,
        trainLoss: this.trainLoss.value,
        learningRate: this.learningRate.value,
        stepsPerSecond: this.stepsPerSecond.value,
        seconds: this.seconds.value,
        losses: this.curve.save(),
        rates: this.rates.save(),
        speeds: this.speeds.save(),
      });
    } catch (error) {
      const { name, message } = asProblem(error);
      this.#warn(t.kept.failed(name === 'QuotaExceededError' ? t.kept.full : message));
    }
  }

  /** Each warning once: what can't be kept is tried again and again. */
  #warn(message: string): void {
    if (this.warnings.value.includes(message)) return;
    this.warnings.value = [...this.warnings.value, message];
  }

  #compare({ step, sha256 }: Fingerprint): void {
    const { value: expected } = this.expected;
    if (expected?.step !== step || this.verdict.value === 'same') return;
    this.verdict.value = sha256.startsWith(expected.sha256) ? 'same' : 'differs';
  }

  #begin(facts: RunFacts): void {
    const { step } = facts;
    this.facts.value = facts;
    this.step.value = step;
    this.curve.startAt(step + 1);
    this.rates.startAt(step + 1);
    this.speeds.startAt(step + 1);
    const { value: expected } = this.expected;
    if (expected !== undefined && step > expected.step) this.verdict.value = 'passed';
    const past = this.#past;
    this.#past = undefined;
    const until = this.#ended?.step ?? step; // one that failed had done more steps than its checkpoint has
    if (past === undefined || until === 0) return;
    if (past.losses !== undefined) this.curve.load(past.losses, until);
    if (past.rates !== undefined) this.rates.load(past.rates, until);
    if (past.speeds !== undefined) this.speeds.load(past.speeds, until);
    const before = <One extends { readonly step: number }>(all: readonly One[]): readonly One[] =>
      all.filter((one) => one.step <= until);
    if (this.#ended !== undefined) this.problem.value = past.problem;
    this.validations.value = before(past.validations);
    this.samples.value = before(past.samples);
    this.trainLoss.value = past.trainLoss;
    this.learningRate.value = past.learningRate ?? NaN;
    this.stepsPerSecond.value = past.stepsPerSecond ?? 0;
    this.seconds.value = past.seconds ?? 0;
    this.frame.value += 1;
  }

  #keepAt(step: number): void {
    void this.keep().then(() => (this.savedStep.value = step));
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'begun':
        this.#begin(message.facts);
        void this.keep(); // a tab that is closed at once begins it again
        break;
      case 'steps': {
        const { first, losses, trainLoss, learningRate, stepsPerSecond } = message;
        if (this.curve.length === 0) performance.mark('first step');
        this.curve.push(losses);
        this.rates.push(new Float32Array(losses.length).fill(learningRate));
        this.step.value = first + losses.length - 1;
        this.trainLoss.value = trainLoss;
        this.learningRate.value = learningRate;
        const seconds = losses.length / stepsPerSecond;
        this.seconds.value += seconds;
        this.stepsPerSecond.value = smoothed(this.stepsPerSecond.value, stepsPerSecond, seconds);
        this.speeds.push(new Float32Array(losses.length).fill(this.stepsPerSecond.value));
        this.frame.value += 1;
        break;
      }
      case 'validation': {
        const { type: _, ...validation } = message;
        const others = this.validations.value.filter(({ step }) => step !== validation.step);
        this.validations.value = bounded([...others, validation], 1000);
        break;
      }
      case 'samples':
        this.samples.value = bounded([...this.samples.value, message], 200);
        break;
      case 'state':
        this.state.value = message.state;
        this.step.value = message.step;
        if (message.state === 'failed' && this.facts.value !== undefined)
          this.#keepAt(message.step);
        break;
      case 'fingerprint':
        this.fingerprint.value = message;
        this.#compare(message);
        break;
      case 'saved':
        this.#keepAt(message.step);
        for (const resolve of this.#onSaved.splice(0)) resolve();
        break;
      case 'problem':
        this.problem.value = message.problem;
        break;
      case 'warning':
        this.#warn(message.message);
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

/** Milliseconds that a save may take. */
const MOST_SAVE_MS = 5000;

/** A figure that doesn't flicker: a mean of the last half second or so, in which a message counts as long as it took. */
function smoothed(before: number, now: number, seconds: number): number {
  return before === 0 ? now : before + (now - before) * (1 - Math.exp(-2 * seconds));
}

/** Every other one of more than `most`, the last among them: a run without end takes no more memory. */
function bounded<One>(all: readonly One[], most: number): readonly One[] {
  return all.length <= most ? all : all.filter((_, i) => (all.length - i) % 2 === 1);
}
