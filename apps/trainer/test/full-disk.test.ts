// A limit on the size of files does what a full disk does: a write that ends in the middle, then an error.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, ended, metricsOf, startAfter } from './llm101.js';

const LIMIT = "trap '' XFSZ; ulimit -f 4"; // 2 or 4 KiB, by the shell

it.skipIf(process.platform === 'win32')(
  'a full disk ends a run: metrics.jsonl has whole lines, the error says what to do, no litter stays',
  async () => {
    const folder = emptyFolder();
    const [runDir, temporary] = ['run', 'tmp'].map((name) => join(folder, name));
    mkdirSync(temporary);
    const flags = '--max-steps 80 --val-interval 0 --log-interval 1'.split(' ');
    const child = startAfter(LIMIT, ['train', ...flags, '--run-dir', runDir], {
      env: { TMPDIR: temporary },
    });
    const { status, stderr } = await ended(child);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /\nllm101: the run stopped after step \d+: .*run can't be written: the file would be larger than is allowed; raise the limit \(ulimit -f\), or choose another with --run-dir; the model could not be saved anywhere\n$/,
    );
    const steps = metricsOf(runDir).map(({ step }) => step);
    // Whole lines in their order; one that did not fit is missing, a shorter one after it may have fitted.
    expect(steps.slice(0, 3)).toEqual([1, 2, 3]);
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    const files = readdirSync(runDir, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('config.json');
    expect(files.filter((file) => /safetensors|part$|lock$/.test(file))).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

it.skipIf(process.platform === 'win32')(
  'a run that finds the disk full at its start leaves nothing',
  async () => {
    const folder = emptyFolder();
    const args = ['train', '--max-steps', '5', '--run-dir', join(folder, 'run')];
    const child = startAfter("trap '' XFSZ; ulimit -f 0", args);
    const { status, stderr } = await ended(child);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^llm101: the run folder .* can't be written: .*; choose another/);
    expect(readdirSync(folder)).toEqual([]);
  },
);
