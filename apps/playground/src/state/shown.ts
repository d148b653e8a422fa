/** What the rooms show, and what was done in them: a room looks at its own, the tour at all. */
import { signal } from '@preact/signals';

/** What can be looked at inside a run. */
export type InsidePart =
  'tree' | 'attention' | 'states' | 'pairs' | 'embedding' | 'activity' | 'weights' | 'batch';

/** What was chosen of it; `undefined`: what is particular to the model. */
export const shownInside = signal<InsidePart | undefined>(undefined);

/** The position of the line that is looked at; `undefined`: the last. */
export const position = signal<number | undefined>(undefined);

/** What a model can be used for. */
export const uses = ['next', 'write', 'surprise', 'compress', 'denoise', 'rates'] as const;

/** What it is used for now. */
export const shownUse = signal<(typeof uses)[number]>('next');

/** The text whose surprise is shown, and that is compressed, before someone writes another. */
export const PASTED = 'emma\nolivia\nava\nisabella\nsophia\nqxzj\n';

/** That text. */
export const pasted = signal(PASTED);

/** Something that someone did, and that leaves no other trace. */
export type Deed = 'picked a node' | 'compressed' | 'decompressed' | 'found the head';

/** What was done since the page was opened. */
export const deeds = signal<ReadonlySet<Deed>>(new Set());

/** Notes that something was done. */
export function did(deed: Deed): void {
  if (!deeds.peek().has(deed)) deeds.value = new Set([...deeds.peek(), deed]);
}

/** The step under the pointer, in all charts. */
export const cursor = signal<number | undefined>(undefined);

/** Whether steps are drawn by their logarithm. */
export const logSteps = signal(false);
