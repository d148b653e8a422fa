import { effect, type Signal, untracked, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../../protocol.js';
import { asProblem } from '../../state/client.js';

/** What was last answered, and what is wrong since. */
export interface Followed<Output> {
  readonly answer: Signal<Output | undefined>;
  readonly problem: Signal<Problem | undefined>;
}

/** How {@link useFollowed} asks. */
export interface FollowOptions<Output> {
  /** Reads the signals that someone changes: at most ten questions a second. */
  readonly typed: () => unknown;
  /** Reads the signals that a run changes. */
  readonly learned: () => unknown;
  /** From one question to the next at least, where only the run has changed. */
  readonly intervalMs: number;
  /** Nothing where there is nothing to ask. */
  readonly ask: () => Promise<Output> | undefined;
}

const LEAST_MS = 100;

/** So many times as long as an answer took passes before the next question: a run goes on nearly as fast. */
const REST = 4;

/** Asks again when what a question is about has changed: never before the last answer has come, and only while the page is seen. */
export function useFollowed<Output>(options: FollowOptions<Output>): Followed<Output> {
  const answer = useSignal<Output | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const { typed, learned, intervalMs } = latest.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let [isBusy, isOver] = [false, false];
    /** When the next question may be asked, and whether it is. */
    let [restUntilMs, dueMs] = [0, Infinity];
    const plan = (): void => {
      clearTimeout(timer);
      if (isBusy || isOver || document.hidden || dueMs === Infinity) return;
      timer = setTimeout(() => void next(), Math.max(dueMs, restUntilMs) - performance.now());
    };
    const next = async (): Promise<void> => {
      [isBusy, dueMs] = [true, Infinity];
      const startMs = performance.now();
      try {
        answer.value = await latest.current.ask();
        problem.value = undefined;
      } catch (error) {
        problem.value = problemOf(error);
      }
      const nowMs = performance.now();
      isBusy = false;
      restUntilMs = nowMs + Math.max(LEAST_MS, REST * (nowMs - startMs));
      plan();
    };
    const follow = (read: () => unknown, delayMs: number): (() => void) =>
      effect(() => {
        read();
        untracked(() => {
          dueMs = Math.min(dueMs, performance.now() + delayMs);
          plan();
        });
      });
    const stops = [follow(typed, 0), follow(learned, intervalMs)];
    document.addEventListener('visibilitychange', plan);
    return () => {
      isOver = true;
      clearTimeout(timer);
      for (const stop of stops) stop();
      document.removeEventListener('visibilitychange', plan);
    };
  }, []);
  return { answer, problem };
}

/** What went wrong; nothing where someone ended it. */
export function problemOf(error: unknown): Problem | undefined {
  const problem = asProblem(error);
  return problem.name === 'AbortError' ? undefined : problem;
}
