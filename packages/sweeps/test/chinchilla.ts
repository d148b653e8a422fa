import { readFileSync } from 'node:fs';
import { chinchillaPath } from '@tools/testing';
import type { ScalingPoint } from '../src/index.js';

const path = chinchillaPath();

/** Says that tests of it are skipped, where they are. */
export const why = path === undefined ? ' (skipped: ../shared/reference is not here)' : '';

/** Besiroglu et al.'s runs, from the lowest loss on; none where they aren't available. */
export const chinchilla: readonly ScalingPoint[] = (
  path === undefined ? '' : readFileSync(path, 'utf8')
)
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')
  .map((line) => {
    const [, , , size, flop, , loss] = line.split(',');
    const parameters = Number(size);
    return { parameters, tokens: Number(flop) / (6 * parameters), loss: Number(loss) };
  })
  .sort((a, b) => a.loss - b.loss);
