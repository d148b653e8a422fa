import { parseArgs } from 'node:util';
import { run } from './run.js';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      steps: { type: 'string', default: '12000' },
      shards: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
    },
  });
  const [maxSteps, shards, workers] = [values.steps, values.shards, values.workers].map(Number);
  await run(positionals.at(0) ?? 'names', { maxSteps, shards, workers });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
