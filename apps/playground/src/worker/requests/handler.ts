import type { Run } from '@llm101/runs';
import type { ProgressOf, RequestName, Requests } from '../../protocol.js';
import type { RunHome } from '../run-home.js';

/** What a request comes to: what is sent, and what of it is handed over instead of copied. */
export interface Answer<Output> {
  readonly output: Output;
  readonly transfer?: ArrayBuffer[];
}

/** A request that is being answered. */
export interface Job<Progress> {
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  readonly tell: (progress: Progress) => void;
  /** Where the run is kept, once it has begun. */
  readonly home?: RunHome | undefined;
}

/** Answers a request; the run is there once it has begun. */
export type Handler<Name extends RequestName> = (
  input: Requests[Name]['input'],
  run: Run | undefined,
  job: Job<ProgressOf<Name>>,
) => Answer<Requests[Name]['output']> | Promise<Answer<Requests[Name]['output']>>;
