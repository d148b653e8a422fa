import { useSignal } from '@preact/signals';
import type { SettingForm, SettingProblem } from '@llm101/runs';
import * as format from '../../format.js';
import { copy } from '../../parts/copy.js';
import { checked } from '../../state/check.js';
import { basis, choose, flags } from '../../state/next-run.js';
import { startRun } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import { BasisNote } from './basis-note.js';
import { CodeButton } from './code-button.js';
import { SettingField } from './setting-field.js';
import { TextChoice } from './text-choice.js';

/** Settings that are always in sight; the others of their group come when one asks for them. */
const FIRST: ReadonlySet<string> = new Set([
  'model',
  'contextSize',
  'dEmbed',
  'dHidden',
  'depth',
  'layers',
  'heads',
  'dropout',
  'optimizer',
  'lr',
  'batchSize',
  'schedule',
  'maxSteps',
  'device',
  'seed',
  'examples',
  'tokenizer',
]);

/** Settings that are chosen elsewhere on the page, or name files. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'preset',
  'data',
  'initFrom',
  'growVocabulary',
  'tokenizerFile',
  'checkpointInterval',
]);

/** Whether the browser knows of GPUs; whether there is one shows when a run asks for it. */
const HAS_GPUS = 'gpu' in navigator;

const GROUPS = ['model', 'optimizer', 'schedule', 'run', 'data'] as const;

/** The settings of the next run: what the command refuses is refused here, beside its field. */
export function SettingsForm() {
  const { fields = [], problems = [], unknown = [], made } = checked.value ?? {};
  const fixed = basis.value?.initial?.settings ?? {}; // as the weights have it
  const shown = fields.filter(
    ({ key }) => !ELSEWHERE.has(key) && !(key in fixed) && (key !== 'device' || HAS_GPUS),
  );
  const elsewhere = problems.filter(({ key }) => !shown.some((field) => field.key === key));
  const withoutField = [...unknown, ...elsewhere.flatMap(({ keys }) => keys)].filter(
    (key) => key in flags.value,
  );
  return (
    <form
      class="settings"
      aria-label={t.form.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        startRun();
      }}
    >
      <h2>{t.form.title}</h2>
      {t.asTheCommand !== '' && <p class="quiet">{t.asTheCommand}</p>}
      <BasisNote />
      <Presets form={fields.find(({ key }) => key === 'preset')} />
      <TextChoice />
      {GROUPS.map((group) => (
        <Group
          key={group}
          group={group}
          fields={shown.filter((field) => field.group === group)}
          problems={problems}
        />
      ))}
      {elsewhere.map(({ message }) => (
        <p key={message} class="problem" role="alert">
          {message}
        </p>
      ))}
      {withoutField.map((key) => (
        <button key={key} type="button" onClick={() => choose(key, undefined)}>
          {t.form.leaveOut(key)}
        </button>
      ))}
      {checked.value !== undefined && (
        <div class="start">
          <p class="makes">
            {made === undefined
              ? t.form.problem
              : t.form.makes(format.whole(made.parameters), format.bytes(made.bytes))}
          </p>
          <button type="submit" class="main" disabled={made === undefined}>
            {t.form.start}
          </button>
        </div>
      )}
      {made !== undefined && <Command text={made.command} />}
    </form>
  );
}

/** It has its place before there is something to choose, so that nothing moves when there is. */
function Presets({ form }: { readonly form: SettingForm | undefined }) {
  const choices = form?.control === 'choice' ? form.choices : [];
  const chosen = String(flags.value['preset'] ?? '');
  const help = choices.find(({ value }) => value === chosen)?.help;
  return (
    <label class="field">
      <span>{t.form.presets}</span>
      <select
        value={chosen}
        onChange={({ currentTarget: { value } }) => {
          flags.value = value === '' ? {} : { preset: value, ...taskFor(value) };
          basis.value = undefined;
        }}
      >
        <option value="">{t.form.plain}</option>
        {choices.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
      {help !== undefined && <small>{help}</small>}
    </label>
  );
}

/** The data set that is chosen stays where a preset is made for any toy task. */
function taskFor(preset: string): { readonly data?: string } {
  const data = String(flags.value['data'] ?? 'names');
  return preset.startsWith('toy-') && !Object.hasOwn(t.text.sets, data) ? { data } : {};
}

interface GroupProps {
  readonly group: (typeof GROUPS)[number];
  readonly fields: readonly SettingForm[];
  readonly problems: readonly SettingProblem[];
}

function Group({ group, fields, problems }: GroupProps) {
  const isFirst = ({ key }: SettingForm): boolean =>
    FIRST.has(key) || key in flags.value || problems.some((problem) => problem.key === key);
  const more = fields.filter((field) => !isFirst(field));
  const isOpen = useSignal(false);
  const listed = isOpen.value ? fields : fields.filter(isFirst);
  if (fields.length === 0) return null;
  return (
    <fieldset>
      <legend>{t.form.groups[group]}</legend>
      {listed.map((field) => (
        <SettingField
          key={field.key}
          field={field}
          value={flags.value[field.key]}
          problem={problems.find(({ key }) => key === field.key)?.message}
          onChange={(value) => choose(field.key, value)}
        />
      ))}
      {(more.length > 0 || isOpen.value) && (
        <button
          type="button"
          class="quiet"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {isOpen.value ? t.form.less : t.form.more(more.length)}
        </button>
      )}
    </fieldset>
  );
}

/** The command that trains the same, and the address of the page with these settings. */
function Command({ text }: { readonly text: string }) {
  const said = useSignal('');
  const copyThis = async (what: string): Promise<void> => {
    said.value = await copy(what);
  };
  return (
    <div class="command">
      <p class="quiet">{t.form.command}</p>
      <code>{text}</code>
      <div class="row">
        <button type="button" onClick={() => void copyThis(text)}>
          {t.form.copy}
        </button>
        <button type="button" onClick={() => void copyThis(globalThis.location.href)}>
          {t.form.share}
        </button>
        <CodeButton />
        <span role="status">{said.value}</span>
      </div>
    </div>
  );
}
