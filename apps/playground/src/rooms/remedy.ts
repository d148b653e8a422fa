/** What a message of the command advises, as a click: `--examples blocks` is a choice of the field Examples. */
import type { SettingForm } from '@llm101/runs';

/** A setting that would help, and its value; nothing where it is to have its default. */
export interface Remedy {
  readonly key: string;
  readonly title: string;
  readonly value: string | undefined;
  /** The value as the form has it. */
  readonly choice: string;
}

/** The first setting that a message advises, of those that the form has. */
export function remedyOf(message: string, fields: readonly SettingForm[]): Remedy | undefined {
  for (const [, less, flag, value] of message.matchAll(ADVICE)) {
    const key = flag.replaceAll(/-./g, ([, letter]) => letter.toUpperCase());
    const field = fields.find((one) => one.key === key);
    if (field === undefined) continue;
    const { title } = field;
    if (less !== undefined) return { key, title, value: undefined, choice: String(field.initial) };
    const choice = 'choices' in field && field.choices.find((one) => one.value === value);
    if (choice) return { key, title, value, choice: choice.title };
    if (field.control === 'text' && value === 'none') return { key, title, value, choice: value };
  }
  return undefined;
}

/** After the command's words for what to do: by, or, leave out. */
const ADVICE = /(leave out )?--([a-z][a-z-]*[a-z]) ([a-z-]+)\b/g;
