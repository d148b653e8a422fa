import { naturalOrder } from './natural-order.js';

/** A setting over some runs, as numbers of its levels: the values that it has there, in order, each with how often it occurs. */
export interface Levels {
  readonly name: string;
  /** Whether the levels have an order: numbers do, names don't. */
  readonly isOrdered: boolean;
  /** `[runs]`: the level of each run, from 0. */
  readonly ofRun: readonly number[];
  /** `[levels]`: the fraction of the runs that have each. */
  readonly weights: readonly number[];
}

/** Levels of a setting; of more values, as of a rate that was drawn, neighbours are one. */
const MOST_LEVELS = 24;

/** The levels of a setting by its values, at most 24; a run without it has the lowest. */
export function levelsOf(name: string, values: readonly unknown[]): Levels {
  const isOrdered = values.every((value) => value === undefined || isFinite(value));
  const texts = values.map((value) => (value === undefined ? '' : (JSON.stringify(value) ?? '')));
  const distinct = [...new Set(texts)].sort((a, b) =>
    isOrdered && a !== '' && b !== '' ? Number(a) - Number(b) : naturalOrder(a, b),
  );
  const count = Math.min(distinct.length, MOST_LEVELS);
  const places = new Map(
    distinct.map((text, i) => [text, Math.floor((i * count) / distinct.length)]),
  );
  const ofRun = texts.map((text) => places.get(text) ?? 0);
  const counts = Array.from({ length: count }, () => 0);
  for (const level of ofRun) counts[level]++;
  return { name, isOrdered, ofRun, weights: counts.map((count) => count / values.length) };
}

const isFinite = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
