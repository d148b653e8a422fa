import { describeError } from '../describe-error.js';

/** A worker of `node:worker_threads` or of a page. */
export interface AnyWorker {
  /** Sends it a copy of a message; what is to be transferred is its alone from then on. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Ends it at once, whatever it does. */
  terminate(): unknown;
}

/** The other end of a worker's messages. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

/** What a worker's owner hears. */
export interface WorkerListener {
  readonly message: (message: unknown) => void;
  /** It runs no more, or never did. */
  readonly dead: (reason: string) => void;
}

/** An emitter of Node: its workers, and a worker's port. */
interface Emitter {
  on(event: string, listener: (value: unknown) => void): unknown;
}

/** Hears what a worker says, and that it has ended. */
export function listenTo(worker: AnyWorker, { message, dead }: WorkerListener): void {
  if (isEmitter(worker)) {
    worker.on('message', message);
    worker.on('error', (error) => dead(`has failed: ${describeError(error)}`));
    worker.on('messageerror', (error) => dead(`sent what can't be read: ${describeError(error)}`));
    worker.on('exit', (code) => dead(`has ended by itself, with exit code ${String(code)}`));
    return;
  }
  const target = Object(worker) as EventTarget;
  target.addEventListener('message', (event) => message((event as MessageEvent).data));
  target.addEventListener('messageerror', () => dead("sent what can't be read"));
  target.addEventListener('error', (event) => {
    event.preventDefault(); // it is reported by what uses the worker
    const { message: why = '' } = event as Partial<ErrorEvent>;
    dead(why === '' ? "can't be loaded; is its address right?" : `has failed: ${why}`);
  });
}

/**
 * Within a worker: hears what its owner says.
 *
 * @returns the way back
 * @throws Error in a thread that is no worker
 */
export function listenToOwner(message: (message: unknown) => void): Port {
  const parent = nodeThreads()?.parentPort;
  if (parent !== undefined && parent !== null) {
    parent.on('message', message);
    return { post: (answer, transfer = []) => parent.postMessage(answer, [...transfer]) };
  }
  const scope = Object(globalThis) as Partial<DedicatedScope>;
  if (typeof scope.document === 'object' || scope.postMessage === undefined) {
    throw new Error(
      'serveWorker: must be called by the module of a worker; this thread is none, start it by new Worker(…)',
    );
  }
  globalThis.addEventListener('message', (event: MessageEvent) => message(event.data));
  return { post: (answer, transfer = []) => scope.postMessage?.(answer, [...transfer]) };
}

/** What a worker of a page has as its global object. */
interface DedicatedScope {
  readonly document: object;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
}

interface NodeThreads {
  readonly parentPort: (Emitter & AnyWorker) | null;
}

/** Node's threads, without an import that a browser couldn't resolve. */
function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined;
}

const isEmitter = (worker: object): worker is Emitter =>
  'on' in worker && typeof worker.on === 'function';
