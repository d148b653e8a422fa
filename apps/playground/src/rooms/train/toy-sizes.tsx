import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { asProblem } from '../../state/client.js';
import { choose, flags } from '../../state/next-run.js';
import { askSpare } from '../../state/spare.js';
import { t } from '../../strings/index.js';
import type { ChosenToy } from '../../text-requests.js';

/** The sizes of the toy task that is chosen; nothing where none is. */
export function ToySizes() {
  const data = String(flags.value['data'] ?? '');
  const toy = useSignal<ChosenToy | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  /** The name that was made here: what is typed meanwhile isn't to be overwritten by its sizes. */
  const own = useRef('');
  const isTask = Object.hasOwn(t.text.tasks, data.split(':')[0]);
  useEffect(() => {
    let isWanted = true;
    if (data !== own.current) [own.current, problem.value] = ['', undefined];
    if (!isTask) toy.value = undefined;
    else if (own.current === '') {
      askSpare('toys', { data }).then(
        ({ chosen }) => {
          if (isWanted) toy.value = chosen;
        },
        (error: unknown) => {
          if (isWanted) problem.value = asProblem(error).message;
        },
      );
    }
    return () => {
      isWanted = false;
    };
  }, [data]);
  const { value: shown } = toy;
  if (shown === undefined) return null;
  const resize = async (name: string, value: number): Promise<void> => {
    // at once, so that what is typed next knows it
    const { sizes: before } = toy.value ?? shown;
    const at = before.findIndex((size) => size.name === name);
    const sizes = before.with(at, { ...before[at], value });
    toy.value = { ...shown, sizes };
    try {
      const found = await askSpare('toyName', {
        name: shown.name,
        sizes: Object.fromEntries(sizes.map((size) => [size.name, size.value])),
      });
      problem.value = undefined;
      own.current = found.data;
      choose('data', found.data);
    } catch (error) {
      problem.value = asProblem(error).message;
    }
  };
  return (
    <div class="toy-sizes">
      <p class="quiet">{t.text.toy}</p>
      {shown.sizes.map(({ name, about, least, most, value }) => (
        <label key={name} class="field" title={about}>
          <span>{t.text.sizes[name] ?? about}</span>
          <input
            type="number"
            min={least}
            max={most}
            value={value}
            onInput={({ currentTarget: { valueAsNumber: typed } }) => {
              if (!Number.isNaN(typed)) void resize(name, typed);
            }}
          />
        </label>
      ))}
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </div>
  );
}
