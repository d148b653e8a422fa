/** Whether the settings of the next run can be trained. */
import { signal } from '@preact/signals';
import type { CheckOutput } from '../protocol.js';
import { basis, flags, text } from './next-run.js';
import { run } from './runs.js';
import { askSpare } from './spare.js';

/** What is wrong with the settings, and what they make. */
export const checked = signal<CheckOutput | undefined>(undefined);

let checks = 0;

/** Has the settings checked; an older check that comes late counts no more. */
export async function checkFlags(): Promise<void> {
  const number = ++checks;
  const { facts } = run.value ?? {};
  const { initial } = basis.value ?? {};
  const vocabSize = facts?.value?.vocabSize ?? 27;
  const found = await askSpare('check', {
    flags: flags.value,
    text: text.value && { name: text.value.name },
    initial: initial && { name: initial.name, settings: initial.settings },
    vocabSize,
  });
  if (number === checks) checked.value = found;
}
