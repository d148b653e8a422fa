// Workers of a queue whose trials train nothing: node worker-process.mjs URL WORKERS BYTES MS
import { setTimeout } from 'node:timers/promises';
import { Generator } from '@llm101/random';
import { runQueueWorker } from '@llm101/sweeps/bullmq';
import { stubResult } from './stub-trial.mjs';

const [url, workers, bytes, mostMs] = process.argv
  .slice(2)
  .map((word, i) => (i > 0 ? Number(word) : word));
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => process.exit()); // whoever started it is gone
const generator = Generator.seeded(process.pid);
const files = new Map([
  ['metrics.jsonl', Buffer.alloc(Number(bytes) / 4, 'x')],
  ['model.safetensors', Buffer.alloc((3 * Number(bytes)) / 4, 'y')],
]);

await Promise.all(
  Array.from({ length: Number(workers) }, () =>
    runQueueWorker({
      url: String(url),
      signal: stop.signal,
      lockMs: 5000,
      async work(job, { signal, save }) {
        const ms = generator.nextDouble() * Number(mostMs);
        await setTimeout(ms / 2);
        await save({ step: 1, trainLoss: 1 }, files);
        await setTimeout(ms / 2);
        return signal.aborted ? undefined : { result: stubResult(job), files };
      },
    }),
  ),
);
process.disconnect();
