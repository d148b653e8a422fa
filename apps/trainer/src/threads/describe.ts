import { availableCores, type Run } from '@llm101/runs';
import type { Workers } from '@llm101/training';

/** How a run's batches are cut, and how many threads compute them: `shards 2, workers 2 (of 2 cores)`. */
export function describeThreads(
  { settings: { shards, accumulate } }: Run,
  workers: Workers | undefined,
): string {
  const parts = accumulate === 1 ? '' : ` of ${accumulate} parts each`;
  const cores = availableCores();
  const have = cores === 1 ? '1 core' : `${cores} cores`;
  return `shards ${shards}${parts}, workers ${workers?.count ?? 1} (of ${have})`;
}
