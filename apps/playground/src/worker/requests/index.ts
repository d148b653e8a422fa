import type { Run } from '@llm101/runs';
import type { RequestName } from '../../protocol.js';
import type { Answer, Handler } from './handler.js';

/** Loaded when they are first asked for, so that a page opens soon. */
const handlers: { readonly [Name in RequestName]: () => Promise<Handler<Name>> } = {
  check: async () => (await import('./check.js')).check,
};

/** Answers what the page asks, between two steps. */
export async function answer(
  run: Run | undefined,
  name: RequestName,
  input: unknown,
): Promise<Answer<unknown>> {
  const handle = (await handlers[name]()) as (input: unknown, run?: Run) => Answer<unknown>;
  return handle(input, run);
}
