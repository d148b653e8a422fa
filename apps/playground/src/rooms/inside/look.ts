import { signal, type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Looks, SeenLine } from '../../looks.js';
import { asProblem } from '../../state/client.js';
import { run } from '../../state/runs.js';

/** What was seen, and when. */
export interface Look<Name extends keyof Looks> {
  readonly output: Looks[Name]['output'];
  readonly step: number;
}

/** The line as it was last seen. */
export const seenLine = signal<SeenLine | undefined>(undefined);

/** Why the line can't be looked at: said once, beside it. */
export const lineProblem = signal<string | undefined>(undefined);

/** Milliseconds from one look to the next at least: more for those who want less to move. */
const INTERVAL_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 100;

/** How many times as long as a look takes nobody looks after it while the run trains, so that training has most of the time; at most so many ms. */
const [REST, MOST_REST_MS] = [9, 2000];

/**
 * Looks into the run that is shown, again and again as it trains, while whoever uses this is on the page: never before the last answer came, at
 * most ten times a second.
 *
 * @returns the newest look, and what the worker refused it with
 */
export function useLook<Name extends keyof Looks>(
  name: Name,
  input: Looks[Name]['input'],
): { readonly look: Look<Name> | undefined; readonly problem: string | undefined } {
  const look: Signal<Look<Name> | undefined> = useSignal(undefined);
  const problem: Signal<string | undefined> = useSignal(undefined);
  const shown = run.value;
  useEffect(() => {
    let isOpen = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seenAt: number | undefined;
    let restsUntilMs = 0;
    const again = (): void => {
      if (isOpen) timer = setTimeout(() => void tick(), INTERVAL_MS);
    };
    const tick = async (): Promise<void> => {
      const step = shown?.step.peek();
      const state = shown?.facts.peek() === undefined ? 'loading' : shown.state.peek();
      const rests = state === 'running' && performance.now() < restsUntilMs;
      if (
        shown === undefined ||
        state === 'loading' ||
        document.hidden ||
        rests ||
        step === seenAt
      ) {
        return again();
      }
      const sinceMs = performance.now();
      try {
        const output = await shown.ask(name, input);
        if (!isOpen) return;
        look.value = { output, step: shown.step.peek() };
        problem.value = undefined;
      } catch (error) {
        if (!isOpen) return;
        problem.value = asProblem(error).message;
      }
      // The first one loads code too.
      const tookMs = seenAt === undefined ? 0 : performance.now() - sinceMs;
      restsUntilMs = performance.now() + Math.min(MOST_REST_MS, REST * tookMs);
      seenAt = step;
      again();
    };
    void tick();
    return () => {
      isOpen = false;
      clearTimeout(timer);
    };
  }, [shown, name, JSON.stringify(input)]);
  useEffect(() => {
    look.value = undefined; // another run's
    problem.value = undefined;
  }, [shown]);
  return { look: look.value, problem: problem.value };
}
