/** A worker whose engine runs already: it checks settings, and takes the next run. */
import { signal } from '@preact/signals';
import type { RequestName, Requests, Surroundings } from '../protocol.js';
import { Client } from './client.js';

let spare = new Client();

/** What the engine has here. */
export const surroundings = signal<Surroundings | undefined>(undefined);

/** Why there is no engine. */
export const unusable = signal<string | undefined>(undefined);

void spare.ready.then((answer) => {
  if (answer.type === 'ready') surroundings.value = answer.surroundings;
  else if (answer.type === 'problem') unusable.value = answer.problem.message;
});

/** Takes it for a run; there is another then. */
export function takeSpare(): Client {
  const taken = spare;
  spare = new Client();
  return taken;
}

/** Asks a worker that has no run. */
export function askSpare<Name extends RequestName>(
  name: Name,
  input: Requests[Name]['input'],
): Promise<Requests[Name]['output']> {
  return spare.ask(name, input);
}
