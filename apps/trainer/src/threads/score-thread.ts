import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { plainScores } from '@llm101/inference';
import { openModel } from '@llm101/runs';
import { describeError } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import { ContextReader } from './contexts.js';

/** What a thread that scores is started with. */
export interface ScoreThreadData {
  readonly role: 'scores';
  /** The model, as its file holds it. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** How many contexts it scores at once, at most. */
  readonly rows: number;
  /** By this come contexts, and goes what went wrong. */
  readonly port: MessagePort;
  /** int32 `[2]`: how many calls there were, and how many were answered, or {@link FAILED}. */
  readonly calls: SharedArrayBuffer;
  /** float32 `[rows, V]`: the scores of the last call. */
  readonly scores: SharedArrayBuffer;
}

/** In place of the number of calls that were answered. */
export const FAILED = -1;

/** Where the numbers of calls are. */
export const [ASKED, ANSWERED] = [0, 1];

/** How long a thread waits awake: being woken takes as long. */
const AWAKE_MS = 0.03;

/**
 * Waits until a number in shared memory isn't what it was: awake at first, as an answer soon comes.
 *
 * @returns what it is then, or was if it took longer than the time-out
 */
export function waitForOther(
  numbers: Int32Array,
  index: number,
  { was, timeoutMs = Infinity }: { readonly was: number; readonly timeoutMs?: number },
): number {
  const sleepAt = performance.now() + AWAKE_MS;
  while (performance.now() < sleepAt) {
    for (let i = 0; i < 100; i++) {
      const found = Atomics.load(numbers, index);
      if (found !== was) return found;
    }
  }
  const endAt = performance.now() + timeoutMs;
  for (;;) {
    const found = Atomics.load(numbers, index);
    const leftMs = endAt - performance.now();
    if (found !== was || leftMs <= 0) return found;
    Atomics.wait(numbers, index, was, leftMs); // a late call of an earlier answer wakes it too
  }
}

/** Scores contexts as they come, until the thread is ended. */
export async function serveScores({
  file,
  rows,
  port,
  calls: counts,
  scores: shared,
}: ScoreThreadData): Promise<void> {
  const [calls, result] = [new Int32Array(counts), new Float32Array(shared)];
  const tell = (state: number): void => {
    Atomics.store(calls, ANSWERED, state);
    Atomics.notify(calls, ANSWERED);
  };
  try {
    await startBackend();
    const scores = plainScores(openModel(file).model, { rows, compile });
    const contexts = new ContextReader();
    for (let done = 0; ; done++) {
      waitForOther(calls, ASKED, { was: done });
      const written = receiveMessageOnPort(port)?.message as Int32Array;
      result.set(scores.read(contexts.read(written)));
      tell(done + 1);
    }
  } catch (error) {
    port.postMessage(describeError(error));
    tell(FAILED);
  }
}
