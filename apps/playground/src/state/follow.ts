import { batch } from '@preact/signals';
import type { Flags } from '../protocol.js';
import { formatAddress } from './address.js';
import type { Link } from './links.js';
import { line as shownLine } from './line.js';
import { flags as chosenFlags, text } from './next-run.js';
import { room, tour } from './place.js';
import { runs, select, startRun } from './runs.js';
import { position, shownInside, shownUse } from './shown.js';

/**
 * The address of a link.
 *
 * @param step - of the tour, where one stays there
 */
export function hrefOf(
  { flags = {}, room: to = 'train', line = '', tour: own }: Link,
  step = own,
): string {
  const place = step !== undefined && { tour: step };
  return formatAddress({ flags, room: to, line, hidden: [], ...place }) || '#';
}

/** Goes where a link leads. Its run has the machine for itself: others that train pause. */
export function follow({ flags, room: to, inside, use, line, tour: step }: Link): void {
  batch(() => {
    if (to !== undefined) room.value = to;
    if (inside !== undefined) shownInside.value = inside;
    if (use !== undefined) shownUse.value = use;
    if (line !== undefined) {
      shownLine.value = line;
      position.value = undefined;
    }
    if (step !== undefined) tour.value = step;
  });
  if (flags !== undefined) train(flags);
}

function train(flags: Flags): void {
  const wanted = JSON.stringify(flags);
  const same = runs.value.findLast(
    (one) =>
      one.text === undefined &&
      JSON.stringify(one.flags) === wanted &&
      one.state.value !== 'failed' &&
      one.state.value !== 'stopped',
  );
  text.value = undefined;
  chosenFlags.value = flags;
  if (same === undefined) {
    startRun();
    return;
  }
  for (const other of runs.value) {
    if (other !== same && other.state.value === 'running') other.pause();
  }
  select(same.id);
  if (same.state.value === 'paused') same.resume();
}
