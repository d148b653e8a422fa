import { parseToyTask, toyTaskName, toyTasks } from '@llm101/data';
import type { ChosenToy } from '../../../text-requests.js';
import type { Handler } from '../handler.js';

/** The toy tasks, and the sizes of the one that is chosen. */
export const toys: Handler<'toys'> = ({ data }) => ({
  output: {
    tasks: Array.from(toyTasks, ([name, { about }]) => ({ name, about })),
    chosen: chosenOf(data),
  },
});

function chosenOf(data: string): ChosenToy | undefined {
  const parsed = parseToyTask(data);
  if (parsed === undefined || 'rule' in parsed) return undefined;
  const { name, task, sizes } = parsed;
  const own = Object.entries(task.sizes).map(([size, { about, least, most }]) => {
    return { name: size, about, least, most, value: sizes[size] };
  });
  return { name, about: task.about, sizes: own };
}

/** @throws RangeError where a size can't be what it is */
export const toyName: Handler<'toyName'> = ({ name, sizes }) => ({
  output: { data: toyTaskName(name, sizes) },
});
