import { fileURLToPath } from 'node:url';
import { runReadme } from '@tools/testing';
import { it } from 'vitest';

it('the snippets of docs/lectures/06-information-theory.md print what it says', async () => {
  await runReadme(
    fileURLToPath(new URL('..', import.meta.url)),
    '../../docs/lectures/06-information-theory.md',
  );
});
