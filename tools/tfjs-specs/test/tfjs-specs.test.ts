import { expect, it } from 'vitest';
import excluded from '../src/excluded.json' with { type: 'json' };
import { problems, runSpecs, type SpecResult } from '../src/run-specs.mjs';

it("passes tfjs-core's own specs but those that are listed", async () => {
  const results = await runSpecs();
  const onBackend = results.filter(({ name }) => name.includes(' wasm {} '));
  expect(onBackend.length).toBeGreaterThan(3_800); // those of tfjs-core 4.22.0
  expect(problems(results, excluded)).toEqual([]);
}, 600_000);

it('names what fails, what passes though it is listed, and what is listed but gone', () => {
  const result = (
    name: string,
    status: SpecResult['status'],
    ...failures: string[]
  ): SpecResult => ({
    name,
    status,
    failures,
  });
  const results = [
    result('add', 'passed'),
    result('sub', 'failed', 'Error: 1 is not 2\nat sub'),
    result('fft', 'failed', 'no kernel'),
    result('ifft', 'passed'),
  ];
  expect(problems(results, { complex: ['fft', 'ifft', 'rfft'] })).toEqual([
    'fails: sub: Error: 1 is not 2',
    'excluded as complex, but passed: ifft',
    'excluded as complex, but there is no such spec: rfft',
  ]);
});
