/** A worker whose engine runs already: it checks settings, and takes the next run. */
import { signal } from '@preact/signals';
import type { RequestName, Requests, Surroundings } from '../protocol.js';
import { Client } from './client.js';

/** What the engine has here. */
export const surroundings = signal<Surroundings | undefined>(undefined);

/** Why there is no engine. */
export const unusable = signal<string | undefined>(undefined);

let spare = newSpare();

function newSpare(): Client {
  const client = new Client();
  void client.ready.then((answer) => {
    if (answer.type === 'ready') {
      surroundings.value = answer.surroundings;
      unusable.value = undefined;
    } else if (answer.type === 'problem') unusable.value = answer.problem.message;
  });
  return client;
}

/** The spare one; another where it couldn't be loaded: what hindered it may be over. */
function theSpare(): Client {
  if (spare.isLost) spare = newSpare();
  return spare;
}

/** Takes it for a run; there is another then. */
export function takeSpare(): Client {
  const taken = theSpare();
  spare = newSpare();
  return taken;
}

/** Asks a worker that has no run. */
export function askSpare<Name extends RequestName>(
  name: Name,
  input: Requests[Name]['input'],
): Promise<Requests[Name]['output']> {
  return theSpare().ask(name, input);
}
