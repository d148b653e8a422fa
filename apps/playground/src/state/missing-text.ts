/** A text that a run waits for: it isn't here, and whoever has it gives it. */
import { signal } from '@preact/signals';
import type { OwnText } from '../protocol.js';

/** A text that a run needs that isn't here. */
export interface MissingText {
  readonly name: string;
  readonly sha256: string;
  /** Starts the run, once the text is there. */
  readonly start: (text: OwnText) => void;
}

/** A text that isn't here, and that a run waits for. */
export const missingText = signal<MissingText | undefined>(undefined);
