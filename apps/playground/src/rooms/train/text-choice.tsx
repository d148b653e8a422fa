import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { FileButton } from '../../parts/file-button.js';
import { Later } from '../../parts/later.js';
import { takeFiles } from '../../incoming/take.js';
import { checked } from '../../state/check.js';
import { flags, text } from '../../state/next-run.js';
import { chooseText, run } from '../../state/runs.js';
import { t } from '../../strings/index.js';

/** What the next run learns from: a data set, or a text of one's own. */
export function TextChoice() {
  const isPasting = useSignal(false);
  const isViewing = useSignal(false);
  const own = text.value;
  const { made } = checked.value ?? {};
  const data = String(flags.value['data'] ?? made?.settings.data ?? 'names');
  const facts = run.value?.facts.value?.text;
  return (
    <fieldset class="text-choice">
      <legend>{t.text.title}</legend>
      <select
        aria-label={t.text.title}
        value={own === undefined ? data.split(':')[0] : ''}
        onChange={({ currentTarget: { value } }) => {
          if (Object.hasOwn(t.text.tasks, value)) chooseTask(value);
          else if (value !== '') chooseText(value);
        }}
      >
        {own !== undefined && <option value="">{t.text.own(own.name)}</option>}
        <Options title={t.text.texts} of={t.text.sets} />
        <Options title={t.text.toys} of={t.text.tasks} />
      </select>
      {own === undefined && isTask(data) && <Later load={loadSizes} />}
      <div class="row">
        <FileButton
          title={t.text.pick}
          onPick={(picked) => void takeFiles([{ path: picked.name, file: picked }])}
        />
        <button
          type="button"
          aria-expanded={isPasting.value}
          onClick={() => {
            isPasting.value = !isPasting.value;
          }}
        >
          {t.text.paste}
        </button>
      </div>
      {isPasting.value && <Paste onDone={() => void (isPasting.value = false)} />}
      <p class="quiet">{t.text.drop}</p>
      {facts !== undefined && (
        <p class="quiet">
          {facts.name}: {t.text.size(...sizesOf(facts))}
        </p>
      )}
      <button
        type="button"
        aria-expanded={isViewing.value}
        onClick={() => {
          isViewing.value = !isViewing.value;
        }}
      >
        {t.text.view.open}
      </button>
      {isViewing.value && <Later load={loadView} />}
      {facts?.hints.map((hint) => (
        <p key={hint} class="hint">
          {hint}
        </p>
      ))}
    </fieldset>
  );
}

const loadSizes = async () => (await import('./toy-sizes.js')).ToySizes;

const isTask = (data: string): boolean => Object.hasOwn(t.text.tasks, data.split(':')[0]);

const loadView = async () => (await import('./text-view.js')).TextView;

/** Takes a toy task; where no network is chosen one that is made for such, as the lecture's learns nothing of them in seconds. */
function chooseTask(name: string): void {
  const isOpen = !('model' in flags.value) && !('preset' in flags.value);
  if (isOpen) flags.value = { ...flags.value, preset: 'toy-mlp' };
  chooseText(name);
}

function Options({
  title,
  of,
}: {
  readonly title: string;
  readonly of: Readonly<Record<string, string>>;
}) {
  return (
    <optgroup label={title}>
      {Object.entries(of).map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </optgroup>
  );
}

const sizesOf = (facts: {
  readonly characters: number;
  readonly trainTokens: number;
  readonly valTokens: number;
}): [string, string, string] => [
  format.whole(facts.characters),
  format.whole(facts.trainTokens),
  format.whole(facts.valTokens),
];

function Paste({ onDone }: { readonly onDone: () => void }) {
  const written = useSignal('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        chooseText({ name: t.text.pasted, file: new Blob([written.value]) });
        onDone();
      }}
    >
      <textarea
        aria-label={t.text.paste}
        rows={6}
        value={written.value}
        onInput={(event) => {
          written.value = event.currentTarget.value;
        }}
      />
      <button type="submit" disabled={written.value.trim() === ''}>
        {t.text.take}
      </button>
    </form>
  );
}
