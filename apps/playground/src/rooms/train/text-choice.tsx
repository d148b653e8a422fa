import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { checked, chooseText, flags, run, text } from '../../state/page.js';
import { t } from '../../strings/index.js';

/** What the next run learns from: a data set, or a text of one's own. */
export function TextChoice() {
  const isPasting = useSignal(false);
  const own = text.value;
  const { made } = checked.value ?? {};
  const facts = run.value?.facts.value?.text;
  return (
    <fieldset class="text-choice">
      <legend>{t.text.title}</legend>
      <select
        aria-label={t.text.title}
        value={
          own === undefined ? String(made?.settings.data ?? flags.value['data'] ?? 'names') : ''
        }
        onChange={(event) => {
          if (event.currentTarget.value !== '') chooseText(event.currentTarget.value);
        }}
      >
        {own !== undefined && <option value="">{t.text.own(own.name)}</option>}
        {Object.entries(t.text.sets).map(([set, title]) => (
          <option key={set} value={set}>
            {title}
          </option>
        ))}
      </select>
      <div class="row">
        <label class="button">
          {t.text.pick}
          <input
            type="file"
            class="unseen"
            onChange={({ currentTarget }) => {
              const picked = currentTarget.files?.item(0);
              if (picked instanceof File) chooseText({ name: picked.name, file: picked });
              currentTarget.value = '';
            }}
          />
        </label>
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
      {facts?.hints.map((hint) => (
        <p key={hint} class="hint">
          {hint}
        </p>
      ))}
    </fieldset>
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
