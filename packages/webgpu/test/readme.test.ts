import { fileURLToPath } from 'node:url';
import { runReadme } from '@tools/testing';
import { it } from 'vitest';

it('runs what the README shows', async () => {
  await runReadme(fileURLToPath(new URL('..', import.meta.url)));
});
