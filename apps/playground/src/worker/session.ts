import {
  type Run,
  runCheckpoints,
  type RunTrainOptions,
  tokenCount,
  weightsSha256,
} from '@llm101/runs';
import { parameterCount, type Settings, workersOf } from '@llm101/runs';
import { describeError, type TrainingListener, type Workers } from '@llm101/training';
import { startBackend, type BackendInfo } from '@llm101/wasm';
import type { RunRequest, RunState, Surroundings, ToWorker } from '../protocol.js';
import { askedOf } from './asked-of.js';
import { makeRun, settingsOf } from './begin-run.js';
import { Gate } from './gate.js';
import { Outbox } from './outbox.js';
import { post } from './post.js';
import { problemOf } from './problem.js';
import { answer } from './requests/index.js';
import { lineOf } from './line-of.js';
import { bringHome, openLogs, type RunHome, writeLogs } from './run-home.js';

/** Milliseconds from one save to the next, where something was done. */
const SAVE_INTERVAL_MS = 10_000;

const warn = (message: string): void => post({ type: 'warning', message });

/** Hears what the page says, from now on. */
export function startSession(start: () => Promise<BackendInfo>, spawn: () => Worker): void {
  const backend = start();
  const session = new Session(backend, spawn);
  globalThis.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => session.hear(data));
  backend.then(
    ({ description }) => post({ type: 'ready', surroundings: surroundingsOf(description) }),
    (error: unknown) => post({ type: 'problem', problem: problemOf(error) }),
  );
}

const surroundingsOf = (backend: string): Surroundings => ({
  backend,
  isolated: globalThis.crossOriginIsolated,
  cores: navigator.hardwareConcurrency,
});

type Ask = Extract<ToWorker, { type: 'ask' }>;

/** A run, from its request to its end and after: it answers as long as its worker lives. */
class Session {
  readonly #backend: Promise<unknown>;
  readonly #spawn: () => Worker;
  readonly #abort = new AbortController();
  /** Requests that aren't answered yet. */
  readonly #asked = new Map<number, AbortController>();
  #run: Run | undefined;
  #home: RunHome | undefined;
  #gate: Gate | undefined;
  #save: (() => Promise<void>) | undefined;
  #savedMs = 0;
  #validatedStep = 0;
  #step = 0;
  /** Whether it is to wait, also before there is a gate to wait at. */
  #isPaused = false;
  /** How it ended before. */
  #ended: RunRequest['ended'];

  constructor(backend: Promise<unknown>, spawn: () => Worker) {
    this.#backend = backend;
    this.#spawn = spawn;
  }

  hear(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        this.#isPaused = message.request.paused;
        void this.#start(message.request);
        break;
      case 'pause':
        this.#isPaused = true;
        this.#gate?.close();
        break;
      case 'resume':
        this.#isPaused = false;
        this.#gate?.open();
        break;
      case 'step':
        this.#gate?.let(message.count);
        break;
      case 'stop':
        this.#abort.abort();
        this.#gate?.end();
        break;
      case 'save':
        this.#between(() => this.#keep());
        break;
      case 'ask':
        this.#ask(message);
        break;
      case 'cancel':
        this.#asked.get(message.id)?.abort();
        break;
    }
  }

  /** From now on it can be cancelled, though a run may first end its step. */
  #ask(message: Ask): void {
    const abort = new AbortController();
    this.#asked.set(message.id, abort);
    this.#between(() => this.#answer(message, abort.signal));
  }

  async #answer({ id, name, input }: Ask, signal: AbortSignal): Promise<void> {
    const tell = (progress: unknown): void => post({ type: 'progress', id, progress });
    try {
      await this.#backend;
      const job = { signal, tell, home: this.#home };
      const { output, transfer } = await answer(this.#run, { name, input }, job);
      post({ type: 'answer', id, output }, transfer);
    } catch (error) {
      post({ type: 'refusal', id, problem: problemOf(error) });
    } finally {
      this.#asked.delete(id);
    }
  }

  /** Between two steps while it trains, at once otherwise. */
  #between(work: () => Promise<void>): void {
    if (this.#gate === undefined) void work();
    else this.#gate.do(work);
  }

  async #start(request: RunRequest): Promise<void> {
    this.#tell('loading');
    try {
      await this.#backend;
      await this.#train(request);
    } catch (error) {
      post({ type: 'problem', problem: problemOf(error) });
      this.#tell('failed');
    }
  }

  async #train(request: RunRequest): Promise<void> {
    const { fingerprintAt, ended } = request;
    this.#ended = ended;
    const asked = settingsOf(request);
    const settings: Settings = ended === undefined ? asked : { ...asked, device: 'wasm' };
    if (settings.relaxedSimd) await startBackend({ relaxedSimd: true });
    const kept = settings.device === 'webgpu' ? await bringHome(request, warn) : undefined;
    const hasBegun = kept !== undefined && (await kept.list()).length > 0;
    const { run, device } = await makeRun(settings, request, hasBegun ? warn : undefined);
    const { gpu } = device;
    this.#run = run;
    const store = kept ?? (await bringHome(request, warn));
    const checkpoints = runCheckpoints(run, {
      store,
      where: 'the run in this browser',
      interval: Infinity,
      warn,
    });
    const resumed = await checkpoints.resume();
    this.#step = resumed?.step ?? 0;
    const logs = await openLogs(store, run, resumed);
    this.#home = { store, logs, request, keep: () => this.#keep() };
    const workers = await run.startWorkers(this.#spawn);
    this.#begin(run, workers, device.adapter);
    const outbox = new Outbox(() => run.optimizer.learningRate);
    this.#gate = new Gate(
      !this.#isPaused,
      async () => {
        outbox.flush();
        this.#tell('paused');
        await this.#fingerprint(run);
        await this.#keep();
      },
      () => {
        outbox.restart();
        this.#tell('running');
      },
    );
    const gate = this.#gate;
    if (ended !== undefined) this.#abort.abort();
    else if (!this.#isPaused) this.#tell('running');
    try {
      await run.train({
        checkpoints,
        signal: this.#abort.signal,
        listeners: [logs.listener, this.#listener(outbox)],
        workers,
        gpu,
        isBetweenDue: (step) =>
          gpu === undefined || step === fingerprintAt || this.#isSaveDue() || !gate.isFree,
        between: (at) => {
          this.#step = at.step;
          this.#save = at.save;
          if (at.step === fingerprintAt) void this.#fingerprint(run);
          if (this.#isSaveDue()) gate.do(() => this.#keep());
          return gate.pass();
        },
      });
      await this.#writeLogs();
      post({ type: 'saved', step: this.#step });
      if (ended === undefined) await this.#validateLast(run, { workers, gpu });
    } finally {
      this.#gate = undefined;
      this.#save = undefined;
      gate.end();
      await gate.pass(); // what was asked for last
      await workers?.close();
      device.dispose();
    }
  }

  #isSaveDue(): boolean {
    return performance.now() - this.#savedMs > SAVE_INTERVAL_MS;
  }

  /** The closing validation, as the command has it, where the last step had none. */
  async #validateLast(
    run: Run,
    { workers, gpu }: Pick<RunTrainOptions, 'workers' | 'gpu'>,
  ): Promise<void> {
    const { step, reason, modelStep } = run.outcome;
    if (reason === 'stopped' || modelStep !== step || this.#validatedStep === step) return;
    const evaluation = await run.evaluate({
      compile: run.compilerOfSteps(gpu),
      ...(workers && { workers }),
    });
    post({ type: 'validation', step, evaluation });
    post({ type: 'saved', step });
  }

  #begin(run: Run, workers: Workers | undefined, adapter: string | undefined): void {
    const { settings, data, config } = run;
    this.#savedMs = performance.now();
    post({
      type: 'begun',
      facts: {
        settings,
        parameters: parameterCount(config),
        vocabSize: data.tokenizer.vocabSize,
        step: this.#step,
        threads: workers?.count ?? workersOf({ workers: 1, shards: 1 }),
        ...(adapter !== undefined && { adapter }),
        text: {
          ...data.loaded,
          hints: data.hints,
          line: lineOf(data),
          ...askedOf(data),
          trainTokens: tokenCount(data.train),
          valTokens: tokenCount(data.val),
        },
      },
    });
  }

  #listener(outbox: Outbox): TrainingListener {
    return (event) => {
      if (event.type === 'step') {
        outbox.add(event.step, event.batchLoss, event.trainLoss);
        return;
      }
      outbox.flush();
      if (event.type === 'validation') {
        const { step, evaluation, trainEstimate } = event;
        this.#validatedStep = step;
        post({
          type: 'validation',
          step,
          evaluation,
          ...(trainEstimate !== undefined && { trainEstimate }),
        });
      } else if (event.type === 'log') post({ type: 'log', metrics: event.metrics });
      else if (event.type === 'samples') post({ ...event });
      else if (event.type === 'end') void this.#end(event);
    };
  }

  async #end({ step, reason }: { step: number; reason: RunState }): Promise<void> {
    this.#step = step;
    if (this.#run !== undefined && reason !== 'failed') await this.#fingerprint(this.#run);
    if (this.#ended === undefined) this.#tell(reason);
    else post({ type: 'state', state: this.#ended.reason, step: this.#ended.step });
  }

  async #fingerprint({ model }: Run): Promise<void> {
    post({ type: 'fingerprint', step: this.#step, sha256: weightsSha256(model) });
  }

  /** Saves the run where it is. */
  async #keep(): Promise<void> {
    this.#savedMs = performance.now();
    if (this.#save !== undefined && this.#home !== undefined) {
      await this.#writeLogs();
      await this.#save();
    }
    post({ type: 'saved', step: this.#step });
  }

  /** As with a checkpoint that can't be written, the run goes on. */
  async #writeLogs(): Promise<void> {
    if (this.#home === undefined) return;
    const { store, logs } = this.#home;
    try {
      await writeLogs(store, logs.texts());
    } catch (error) {
      warn(`the run's logs can't be written: ${describeError(error)}; the run continues`);
    }
  }

  #tell(state: RunState): void {
    post({ type: 'state', state, step: this.#step });
  }
}
