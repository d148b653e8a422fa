/** The page's address as it is now. */
import { computed } from '@preact/signals';
import { language } from '../strings/index.js';
import { type Address, formatAddress } from './address.js';
import { ownLine } from './line.js';
import { flags, text } from './next-run.js';
import { hidden, room, tour } from './place.js';
import type { PageRun } from './run.js';
import { run, runs } from './runs.js';

/** The text of one's own, by its hash, once a run has read it. */
const ownText = computed(() => {
  const facts = runs.value.find((one) => one.text === text.value)?.facts.value;
  return facts && { text: { sha256: facts.text.sha256, name: facts.text.name } };
});

/** What a run is compared with stays, whatever came of it: whoever gets the address sees the same. */
function expectedOf(shown: PageRun | undefined): Pick<Address, 'expected'> {
  const expected = shown?.expected.value;
  return expected === undefined ? {} : { expected };
}

/** The address by which the page opens as it is now. */
export const address = computed(() =>
  formatAddress({
    flags: flags.value,
    ...(text.value !== undefined && ownText.value),
    room: room.value,
    line: ownLine.value,
    ...(tour.value !== undefined && { tour: tour.value }),
    ...(language.value !== 'en' && { language: language.value }),
    ...expectedOf(run.value),
    hidden: hidden.value,
  }),
);
