/** What someone has chosen in this room; it stays while they look elsewhere. */
import { signal } from '@preact/signals';
import type { Drawing, NextOutput } from '../../use-requests.js';

/** How tokens are drawn, here one by one and there text by text. */
export const drawing = signal<Drawing>({ temperature: 1, topK: undefined, topP: 1, seed: 101 });

/** Draws that were made after the line, of a run. */
export interface Drawn {
  readonly runId: string;
  /** What the draws were made from, and what came: the last one last. */
  readonly draws: readonly NextOutput[];
}

export const drawn = signal<Drawn>({ runId: '', draws: [] });
