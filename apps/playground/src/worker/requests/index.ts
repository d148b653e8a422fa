import type { Run } from '@llm101/runs';
import type { RequestName } from '../../protocol.js';
import type { Answer, Handler, Job } from './handler.js';

/** Loaded when they are first asked for, so that a page opens soon. */
const handlers: { readonly [Name in RequestName]: () => Promise<Handler<Name>> } = {
  check: async () => (await import('./check.js')).check,
  next: async () => (await import('./use/next.js')).next,
  model: async () => (await import('./use/next.js')).takeModel,
  heldOut: async () => (await import('./use/held-out.js')).heldOut,
  open: async () => (await import('./use/opened.js')).open,
  surprise: async () => (await import('./use/surprise.js')).surprise,
  write: async () => (await import('./use/write.js')).write,
  denoise: async () => (await import('./use/denoise.js')).denoise,
  compress: async () => (await import('./use/codec.js')).compress,
  decompress: async () => (await import('./use/codec.js')).decompress,
  give: async () => (await import('./runs/give.js')).give,
  take: async () => (await import('./runs/take.js')).take,
  branch: async () => (await import('./runs/branch.js')).branch,
  differences: async () => (await import('./runs/differences.js')).differences,
  rates: async () => (await import('./use/rates.js')).rates,
  seen: async () => (await import('./inside/seen.js')).seen,
  tree: async () => (await import('./inside/tree.js')).tree,
  attention: async () => (await import('./inside/attention.js')).attention,
  states: async () => (await import('./inside/states.js')).states,
  table: async () => (await import('./inside/table.js')).table,
  embedding: async () => (await import('./inside/embedding.js')).embedding,
  activity: async () => (await import('./inside/activity.js')).activity,
  weights: async () => (await import('./inside/weights.js')).weights,
  batch: async () => (await import('./inside/batch.js')).batch,
  toys: async () => (await import('./text/toys.js')).toys,
  toyName: async () => (await import('./text/toys.js')).toyName,
  baselines: async () => (await import('./text/baselines.js')).baselines,
  code: async () => (await import('./runs/code.js')).code,
  text: async () => (await import('./text/text.js')).text,
};

/** Answers what the page asks, between two steps. */
export async function answer(
  run: Run | undefined,
  { name, input }: { readonly name: RequestName; readonly input: unknown },
  job: Job<unknown>,
): Promise<Answer<unknown>> {
  const handle = (await handlers[name]()) as (
    input: unknown,
    run: Run | undefined,
    job: Job<unknown>,
  ) => Answer<unknown> | Promise<Answer<unknown>>;
  return handle(input, run, job);
}
