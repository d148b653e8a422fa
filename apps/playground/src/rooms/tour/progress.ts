/** Which steps of the tour were done; kept in this browser. */
import { signal } from '@preact/signals';
import { TOUR } from '../../databases.js';
import { chapters, type StepId } from './steps.js';

const known: ReadonlySet<string> = new Set(
  chapters.flatMap(({ steps }) => steps.map(({ id }) => id)),
);

const isStep = (id: string): id is StepId => known.has(id);

/** The steps that were done. */
export const done = signal<ReadonlySet<StepId>>(new Set(kept()));

/** Adds steps that were done. */
export function add(ids: readonly StepId[]): void {
  if (ids.every((id) => done.peek().has(id))) return;
  keep(new Set([...done.peek(), ...ids]));
}

/** Begins the tour anew. */
export function forget(): void {
  keep(new Set());
}

function keep(ids: ReadonlySet<StepId>): void {
  done.value = ids;
  try {
    localStorage.setItem(TOUR, [...ids].join(' '));
  } catch {
    // a browser may keep nothing; it is known as long as the page is open
  }
}

function kept(): StepId[] {
  try {
    return (localStorage.getItem(TOUR) ?? '').split(' ').filter(isStep);
  } catch {
    return [];
  }
}
