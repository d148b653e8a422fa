/** What the next run is made of. */
import { signal } from '@preact/signals';
import type { Flags, OwnText } from '../protocol.js';
import type { Basis } from '../run-requests.js';
import { opened } from './place.js';

/** The settings of the next run, as far as they were chosen. */
export const flags = signal<Flags>(opened.flags);

/** A text of one's own that it learns from, instead of the data set that the settings name. */
export const text = signal<OwnText | undefined>(undefined);

/** What the next run begins with besides: weights of another. */
export const basis = signal<Basis | undefined>(undefined);

/** Chooses a value of a setting, or nothing, so that it has its default. */
export function choose(key: string, value: string | number | boolean | undefined): void {
  const { [key]: _, ...others } = flags.value;
  flags.value = value === undefined ? others : { ...others, [key]: value };
}
