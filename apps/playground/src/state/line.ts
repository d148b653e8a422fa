/** The line that rooms look at. */
import { computed, effect, signal } from '@preact/signals';
import { FIRST_LINE } from '../looks.js';
import { opened } from './place.js';
import { run } from './runs.js';

/** The line that rooms look at. */
export const line = signal(opened.line ?? FIRST_LINE);

/** The line that rooms look at where nobody chose one: of the run's text where its model can't read this one. */
const givenLine = computed(() => run.value?.facts.value?.text.line ?? FIRST_LINE);

/** The line where someone chose it. */
export const ownLine = computed(() => (line.value === givenLine.value ? '' : line.value));

let lastGiven = FIRST_LINE;
effect(() => {
  if (line.peek() === lastGiven) line.value = givenLine.value;
  lastGiven = givenLine.value;
});
