// The fewest flags for some settings, and the command of them.
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { describe, expect, it } from 'vitest';
import {
  commandOf,
  defaultSettings,
  flagsOf,
  isRead,
  makeModel,
  modelConfigOf,
  modelNames,
  optimizerNames,
  parseSetting,
  presetNames,
  type RawSettings,
  resolveSettings,
  scheduleNames,
  settingForm,
  type SettingKey,
  settingKeys,
  settingProblems,
  type Settings,
} from '../src/index.js';

const resolve = (flags: RawSettings): Settings => resolveSettings({ flags });

/** Draws numbers and choices. */
function drawing(seed: number) {
  const generator = Generator.seeded(seed);
  const below = (n: number) => Math.floor(generator.nextDouble() * n);
  const oneOf = <Value>(values: readonly Value[]): Value => values[below(values.length)];
  return { below, oneOf };
}

type Drawing = ReturnType<typeof drawing>;

/** A value of a setting as a form may give it; sizes stay small. */
function drawValue(key: SettingKey, settings: Settings, { below, oneOf }: Drawing): unknown {
  const form = settingForm(key, settings);
  if (form.control === 'switch') return oneOf([true, false]);
  if (form.control === 'text')
    return oneOf(["it's", 'a b', '-x', '--no-compile', '"$(ls)', '$HOME']);
  if (form.control === 'choice') return oneOf(form.choices).value;
  if (form.control === 'several') {
    const names = form.choices.map(({ value }) => value).filter(() => below(2) === 0);
    return names.length === 0 ? oneOf(['all', 'none']) : names.join(',');
  }
  const { whole, least = 0, most = 1e6, below: limit = most, above = least, or } = form;
  if (or !== undefined && below(3) === 0) return or === 'auto' ? 'auto' : '12.5%';
  if (whole) return Math.min(most, least + below(40));
  return above + (Math.min(limit, 3) - above) * (below(999) / 1000 + 1e-4);
}

/** Settings that a run can have: by a preset or a kind, and some more of what that reads. */
function drawSettings(draw: Drawing): { readonly flags: RawSettings; readonly settings: Settings } {
  const { below, oneOf } = draw;
  const head: RawSettings =
    below(2) === 0
      ? { preset: oneOf(presetNames) }
      : {
          model: oneOf(modelNames),
          examples: oneOf(['lines', 'blocks']),
          optimizer: oneOf(optimizerNames),
          schedule: oneOf(scheduleNames),
          data: oneOf(['names', 'shakespeare', "Anna's text.txt"]),
        };
  let [flags, settings] = [head, resolve(head)];
  for (let i = below(12); i > 0; i--) {
    const key = oneOf(settingKeys.filter((own) => own !== 'preset' && isRead(own, settings)));
    const more = { ...flags, [key]: drawValue(key, settings, draw) };
    if (settingProblems({ flags: more }).length > 0) continue;
    [flags, settings] = [more, resolve(more)];
  }
  return { flags, settings };
}

/** Words that a shell of Unix makes of a line without variables. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /'([^']*)'|\\(.)/g,
      (_, inner: string | undefined, escaped: string) => inner ?? escaped,
    ),
  );
}

describe('flagsOf', () => {
  it('resolves to the settings again, with no flag that could be left out', () => {
    const draw = drawing(17);
    for (let i = 0; i < 120; i++) {
      const { flags, settings } = drawSettings(draw);
      const least = flagsOf(settings);
      expect([flags, resolve(least)]).toEqual([flags, settings]);
      for (const key of settingKeys.filter((own) => Object.hasOwn(least, own))) {
        const { [key]: _, ...less } = least;
        const left = settingProblems({ flags: less }).length > 0 ? undefined : resolve(less);
        expect([flags, key, left]).not.toEqual([flags, key, settings]);
      }
    }
  });
  it('comes back from an address, where each is text', () => {
    const draw = drawing(18);
    for (let i = 0; i < 60; i++) {
      const { settings } = drawSettings(draw);
      const address = new URLSearchParams(
        Object.entries(flagsOf(settings)).map(([key, value]) => [key, String(value)]),
      );
      const flags = settingKeys.flatMap((key) => {
        const written = new URLSearchParams(address.toString()).get(key);
        return written === null ? [] : [[key, parseSetting(key, written)] as const];
      });
      expect(resolve(Object.fromEntries(flags))).toEqual(settings);
    }
  });
  it('is what differs from the defaults, and from a preset', () => {
    expect(flagsOf(defaultSettings)).toEqual({});
    expect(flagsOf(resolve({ model: 'gpt', contextSize: 64, lr: 0.01 }))).toEqual({
      model: 'gpt',
      lr: 0.01,
    });
    expect(flagsOf(resolve({ preset: 'wavenet', lr: 0.0045, layerNorm: false }))).toEqual({
      preset: 'wavenet',
      layerNorm: false,
    });
    expect(flagsOf(resolve({ data: 'shakespeare', examples: 'blocks' }))).toEqual({
      data: 'shakespeare',
    });
    expect(flagsOf(resolve({ preset: 'wavenet', epochs: 2 }))).toEqual({
      preset: 'wavenet',
      epochs: 2,
    });
  });
  it('does without a preset where a flag cannot unset what that sets', () => {
    const { decaySteps: _, ...settings } = resolve({ preset: 'shakespeare-char' });
    const flags = flagsOf(settings);
    expect(flags).not.toHaveProperty('preset');
    expect({ preset: 'shakespeare-char', ...resolve(flags) }).toEqual(settings);
  });
});

describe('commandOf', () => {
  it('is the command, quoted for a shell', () => {
    expect(commandOf(defaultSettings)).toBe('llm101 train');
    expect(commandOf(resolve({ model: 'cnn', lr: 1e-7, compile: false, reshuffle: true }))).toBe(
      'llm101 train --model cnn --reshuffle --no-compile --lr 1e-7',
    );
    expect(commandOf(resolve({ data: "Anna's text", alphabet: "ab 'c" }))).toBe(
      String.raw`llm101 train --data 'Anna'\''s text' --alphabet 'ab '\''c'`,
    );
  });
  it('has the words of its flags, whatever stands in them', () => {
    const draw = drawing(19);
    for (let i = 0; i < 60; i++) {
      const { settings } = drawSettings(draw);
      const words = wordsOf(commandOf(settings)).slice(2);
      const flags = flagsOf(settings);
      const values = Object.values(flags).filter((value) => typeof value !== 'boolean');
      expect(words).toEqual(expect.arrayContaining(values.map(String)));
      expect(words).toHaveLength(Object.keys(flags).length + values.length);
    }
  });
});

it('settings without problems make a model', async () => {
  await startBackend();
  const draw = drawing(20);
  for (let i = 0; i < 60; i++) {
    const { flags, settings } = drawSettings(draw);
    const config = modelConfigOf(settings, 27);
    expect(
      () => makeModel(config, Generator.seeded(1)).dispose(),
      JSON.stringify(flags),
    ).not.toThrow();
  }
});
