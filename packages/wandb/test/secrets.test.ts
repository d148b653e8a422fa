// What a command line is kept as.
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../src/index.js';

describe('a command line', () => {
  it.each([
    ['redis://user:pa55@host:6379/0', 'redis://***@host:6379/0'],
    ['redis://:pa/55@host', 'redis://***@host'],
    ['https://host/a.txt?version=2&token=abc#x', 'https://host/a.txt?version=2&token=***#x'],
    [
      'https://host/a?X-Amz-Signature=abc&X-Amz-Date=1',
      'https://host/a?X-Amz-Signature=***&X-Amz-Date=1',
    ],
    ['--api-key=abc', '--api-key=***'],
    ['WANDB_API_KEY=abc', 'WANDB_API_KEY=***'],
    ['git@host:me/it.git', 'git@host:me/it.git'],
    ['--tokenizer=bpe', '--tokenizer=bpe'],
    ['runs/2024@home', 'runs/2024@home'],
  ])('%s is kept as %s', (given, kept) => {
    expect(withoutSecrets([given])).toEqual([kept]);
  });

  it('lacks the value behind the flag of a secret, and is bounded', () => {
    expect(withoutSecrets(['--password', 'abc', 'def'])).toEqual(['--password', '***', 'def']);
    expect(withoutSecrets(['a'.repeat(9000)])[0]).toHaveLength(2001);
    expect(withoutSecrets(Array.from({ length: 9000 }, () => 'a'))).toHaveLength(500);
  });
});
