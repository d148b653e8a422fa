import { resolveSettings, runTraining, type TrainedRun } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';

/** The same run in Node: what the page shows must be what it gives. */
export async function inNode(flags: Readonly<Record<string, unknown>>): Promise<TrainedRun> {
  await startBackend();
  return runTraining(resolveSettings({ flags }), { compile });
}
