import { availableMemory } from 'node:process';
import { UserError } from '../settings/user-error.js';

/** Windows of more than this are a slip of the hand, however large the machine is. */
const MOST_BYTES = 8e9;

/** Where {@link checkWindows} is called from. */
export interface WindowsToCheck {
  readonly lines: readonly string[];
  readonly contextSize: number;
  /** What makes them fewer or shorter. */
  readonly remedy: string;
}

/** @throws UserError when the windows of these lines would take more than half of the memory that is free */
export function checkWindows({ lines, contextSize, remedy }: WindowsToCheck): void {
  const windows = lines.reduce((sum, { length }) => sum + length + 1, 0);
  // context and target as int32, and once more the contexts of a validation, which are at most a few tenths
  const bytes = 4 * windows * (contextSize + 1) * 1.2;
  const room = Math.min(MOST_BYTES, availableMemory() / 2);
  if (bytes <= room) return;
  throw new UserError(
    `the windows must fit into memory; ${count(windows)} of ${count(contextSize)} characters take ` +
      `${gigabytes(bytes)} GB, and there is room for ${gigabytes(room)} GB; ${remedy}`,
  );
}

const count = (n: number): string => n.toLocaleString('en-US');
const gigabytes = (bytes: number): string =>
  (bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 });
