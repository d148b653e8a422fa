import { watchActivations, watchParameters } from '@llm101/training';
import type { Handler } from '../handler.js';
import { started } from './line.js';

/** Bins of a histogram that is a few pixels high. */
const BINS = 48;

/** What layers give on the batch that comes next, and the gradients that the step will have. */
export const activity: Handler<'activity'> = (_, run) => {
  const { trained, batches } = started(run);
  const batch = batches.peek();
  const watch = watchParameters(trained);
  try {
    const activations = watchActivations(trained, { histogram: { bins: BINS } }).look(batch);
    return { output: { activations, parameters: watch.look(batch) } };
  } finally {
    watch.dispose();
  }
};
