import { run } from './run.js';

try {
  await run(process.argv[2] ?? 'names');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
