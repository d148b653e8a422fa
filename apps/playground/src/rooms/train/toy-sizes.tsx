import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { askSpare, choose, flags } from '../../state/page.js';
import { t } from '../../strings/index.js';
import type { ChosenToy } from '../../text-requests.js';

/** The sizes of the toy task that is chosen; nothing where none is. */
export function ToySizes() {
  const data = String(flags.value['data'] ?? '');
  const toy = useSignal<ChosenToy | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const isTask = data.split(':')[0] in t.text.tasks;
  useEffect(() => {
    let isWanted = true;
    problem.value = undefined;
    if (!isTask) toy.value = undefined;
    else {
      void askSpare('toys', { data }).then(({ chosen }) => {
        if (isWanted) toy.value = chosen;
      });
    }
    return () => {
      isWanted = false;
    };
  }, [data]);
  const { value: shown } = toy;
  if (shown === undefined) return null;
  const resize = async (name: string, value: number): Promise<void> => {
    const sizes = Object.fromEntries(shown.sizes.map((size) => [size.name, size.value]));
    try {
      const found = await askSpare('toyName', {
        name: shown.name,
        sizes: { ...sizes, [name]: value },
      });
      problem.value = undefined;
      choose('data', found.data);
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
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
            onChange={({ currentTarget }) => void resize(name, currentTarget.valueAsNumber)}
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
