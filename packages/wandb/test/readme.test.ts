import { fileURLToPath } from 'node:url';
import { runReadme } from '@tools/testing';
import { it, vi } from 'vitest';
import { emptyFolder } from './runs.js';

it('runs what the README shows', async () => {
  vi.stubEnv('WANDB_DIR', emptyFolder());
  await runReadme(fileURLToPath(new URL('..', import.meta.url)));
  vi.unstubAllEnvs();
});
