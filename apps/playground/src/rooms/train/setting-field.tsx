import type { SettingForm } from '@llm101/runs';
import { useId } from 'preact/hooks';
import { t } from '../../strings/index.js';

type Value = string | number | boolean;

/** Properties of {@link SettingField}. */
interface SettingFieldProps {
  readonly field: SettingForm;
  /** What is chosen; nothing where it has its default. */
  readonly value: Value | undefined;
  /** What is wrong with it. */
  readonly problem: string | undefined;
  readonly onChange: (value: Value | undefined) => void;
}

/** A setting: its control, what it is for, the papers it is from, and what is wrong with it. */
export function SettingField({ field, value, problem, onChange }: SettingFieldProps) {
  const id = useId();
  const described = `${id}-help`;
  const isChanged = value !== undefined && String(value) !== String(field.initial);
  return (
    <div class="field" data-setting={field.key} data-changed={isChanged}>
      <label for={id}>{field.title}</label>
      <Control
        field={field}
        value={value}
        onChange={onChange}
        id={id}
        described={described}
        isWrong={problem !== undefined}
      />
      {isChanged && (
        <button
          type="button"
          class="reset"
          aria-label={t.form.reset(field.title)}
          title={t.form.reset(field.title)}
          onClick={() => onChange(undefined)}
        >
          ↺
        </button>
      )}
      <small id={described}>
        {problem !== undefined && <span class="problem">{problem} </span>}
        {field.help} <Papers field={field} value={value} />
      </small>
    </div>
  );
}

interface ControlProps extends Omit<SettingFieldProps, 'problem'> {
  readonly id: string;
  readonly described: string;
  readonly isWrong: boolean;
}

// oxlint-disable-next-line typescript/consistent-return -- the switch has every control
function Control({ field, value, onChange, id, described, isWrong }: ControlProps) {
  const common = { id, 'aria-describedby': described, 'aria-invalid': isWrong };
  switch (field.control) {
    case 'switch':
      return (
        <input
          {...common}
          type="checkbox"
          checked={String(value ?? field.initial) === 'true'}
          onChange={({ currentTarget: { checked } }) =>
            onChange(checked === field.initial ? undefined : checked)
          }
        />
      );
    case 'choice':
      return (
        <select
          {...common}
          value={String(value ?? field.initial ?? '')}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value === field.initial ? undefined : currentTarget.value)
          }
        >
          {field.choices.map((choice) => (
            <option key={choice.value} value={choice.value} title={choice.help}>
              {choice.title}
            </option>
          ))}
        </select>
      );
    case 'number':
    case 'several':
    case 'text':
      return (
        <input
          {...common}
          type="text"
          inputMode={field.control === 'number' && field.or === undefined ? 'decimal' : 'text'}
          spellcheck={false}
          autocomplete="off"
          placeholder={field.initial === undefined ? '' : String(field.initial)}
          value={value === undefined ? '' : String(value)}
          onInput={({ currentTarget }) =>
            onChange(currentTarget.value.trim() === '' ? undefined : currentTarget.value)
          }
        />
      );
  }
}

/** The papers of a setting, and of what is chosen. */
function Papers({ field, value }: Pick<SettingFieldProps, 'field' | 'value'>) {
  const chosen =
    'choices' in field
      ? field.choices.find((choice) => choice.value === String(value ?? field.initial))
      : undefined;
  const papers = [...field.papers, ...(chosen?.papers ?? [])];
  return (
    <>
      {chosen?.help}{' '}
      {papers.map(({ title, url }) => (
        <a key={url} href={url} target="_blank" rel="noreferrer">
          {title}
        </a>
      ))}
    </>
  );
}
