// Every setting as a field: what it says is what the rules allow.
import { describe, expect, it } from 'vitest';
import {
  defaultSettings,
  modelConfigOf,
  modelNames,
  parseSetting,
  presetNames,
  type RawSettings,
  resolveLeniently,
  resolveSettings,
  type SettingChoice,
  settingForm,
  type SettingForm,
  settingKeys,
  type SettingKey,
  settingPapers,
  settingProblems,
  type Settings,
} from '../src/index.js';

const settingsOf = (flags: RawSettings): Settings => resolveSettings({ flags });

/** Whether the rule of a setting alone allows a value. */
const allows = (key: SettingKey, value: unknown): boolean =>
  settingProblems({ flags: { [key]: value } }).every(({ keys }) => keys.length > 1);

const choicesOf = (form: SettingForm): readonly SettingChoice[] =>
  'choices' in form ? form.choices : [];

/** Values that a field offers, and some just beyond them. */
function valuesOf(form: SettingForm): { readonly right: unknown[]; readonly wrong: unknown[] } {
  if (form.control === 'switch') return { right: [true, false], wrong: ['yes', 1] };
  if (form.control === 'text') return { right: ['abc'], wrong: ['', 1] };
  if (form.control !== 'number') {
    const all = form.control === 'several' ? ['all', 'none'] : [];
    return { right: [...all, ...form.choices.map(({ value }) => value)], wrong: ['none such', 1] };
  }
  const { whole, least, above, most, below, or } = form;
  const step = whole ? 1 : 1e-9;
  const words = { auto: ['auto'], share: ['5%'] };
  return {
    right: [
      ...[least, most].filter((value) => value !== undefined),
      ...(above === undefined ? [] : [above + step]),
      ...(below === undefined ? [] : [below - step]),
      ...(or === undefined ? [] : words[or]),
    ],
    wrong: [
      ...[above, below].filter((value) => value !== undefined),
      ...(least === undefined ? [] : [least - step]),
      ...(most === undefined ? [] : [most + step]),
      ...(whole ? [1.5] : []),
      ...(or === 'auto' ? [] : words.auto),
      ...(or === 'share' ? [] : words.share),
      Infinity,
    ],
  };
}

describe.each(settingKeys)('%s', (key) => {
  const form = settingForm(key);
  const choices = choicesOf(form);
  it('has a title, and help without the words of a command line', () => {
    expect(form.key).toBe(key);
    expect(form.title).toMatch(/^\S/);
    expect(form.title.length).toBeLessThan(40);
    expect(form.help).toMatch(/^[A-Z].*\.$/);
    const jargon = /--|LLM101|\bflag|\.jsonl?\b|stdin|standard input|terminal/;
    for (const text of [form.title, form.help, ...choices.map(({ help }) => help)]) {
      expect(text).not.toMatch(jargon);
    }
    for (const { title } of choices) expect(title).toMatch(/^\S/);
  });
  it('allows what it offers, and nothing beyond', () => {
    const { right, wrong } = valuesOf(form);
    expect(right.length).toBeGreaterThan(0);
    expect(right.filter((value) => !allows(key, value))).toEqual([]);
    expect(wrong.filter((value) => allows(key, value))).toEqual([]);
    expect(form.initial === undefined || allows(key, form.initial)).toBe(true);
  });
});

it('each value that can be chosen has a sentence', () => {
  for (const key of settingKeys.filter((own) => own !== 'data')) {
    for (const { help } of choicesOf(settingForm(key))) expect(help).toMatch(/^[A-Z].*\.$/);
  }
});

it('a default is what a setting is where it is left out', () => {
  const cases: RawSettings[] = [
    ...modelNames.flatMap((model) => [{ model }, { model, examples: 'blocks' }]),
    ...presetNames.map((preset) => ({ preset })),
    { model: 'gpt', activation: 'swiglu', dEmbed: 48, heads: 6 },
    { optimizer: 'adamw', data: 'shakespeare', schedule: 'cosine', maxSteps: 77 },
    { optimizer: 'muon', data: 'mine.txt' },
  ];
  for (const flags of cases) {
    const settings = settingsOf(flags);
    const left = settingKeys.filter((key) => !Object.hasOwn(flags, key) && key !== 'preset');
    const forms = left.map((key) => settingForm(key, settings));
    const set = forms.filter(({ key }) => settings[key] !== undefined);
    expect(set.map(({ key, initial }) => [key, initial])).toEqual(
      set.map(({ key }) => [key, settings[key]]),
    );
    // what other settings choose is the same where it is set
    for (const { key, initial } of forms.filter((form) => !set.includes(form))) {
      const written: Settings = { ...settings, [key]: initial };
      expect([key, modelConfigOf(written, 27)]).toEqual([key, modelConfigOf(settings, 27)]);
    }
  }
});

it('a default differs by the kind of model, the text and the preset, and by sizes', () => {
  const initial = (key: SettingKey, flags: RawSettings) =>
    settingForm(key, settingsOf(flags)).initial;
  expect([initial('contextSize', {}), initial('contextSize', { model: 'gpt' })]).toEqual([16, 64]);
  expect([initial('layers', {}), initial('layers', { model: 'megabyte' })]).toEqual([1, 2]);
  expect(initial('layers', { model: 'wavenet' })).toBeUndefined();
  expect([initial('alphabet', { data: 'my.txt' }), initial('lr', { preset: 'wavenet' })]).toEqual([
    'auto',
    0.0045,
  ]);
  expect(initial('dFf', { model: 'gpt', activation: 'swiglu' })).toBe(176);
  expect(initial('kvHeads', { model: 'gpt', heads: 8 })).toBe(8);
  expect([initial('weightDecay', {}), initial('weightDecay', { optimizer: 'muon' })]).toEqual([
    0, 0.1,
  ]);
  expect(initial('decaySteps', { maxSteps: 7 })).toBe(7);
  expect(initial('tokenizer', {})).toBe('characters');
  expect(initial('tokenizer', { tokenizerFile: 'a' })).toBeUndefined();
  expect(initial('init', { model: 'gpt' })).toBe('gpt-2');
});

it('choices are those of the kind of model', () => {
  const choices = (key: SettingKey, flags: RawSettings) => {
    return choicesOf(settingForm(key, settingsOf(flags))).map(({ value }) => value);
  };
  expect(choices('activation', {})).toEqual(['relu', 'tanh', 'gelu', 'silu', 'sigmoid']);
  expect(choices('activation', { model: 'gpt' })).toContain('squared-relu');
  expect(choices('bias', {})).toEqual([defaultSettings.bias, 'none']);
  expect(choices('bias', { model: 'gpt' })).toEqual(['attention', 'feed-forward', 'norm', 'head']);
  expect(choices('data', {})).toContain('shakespeare');
});

it('papers have a title, an author, a year and an address', () => {
  const all = settingKeys.flatMap((key) => {
    const form = settingForm(key, { ...defaultSettings, model: 'cnn' });
    return [form, ...choicesOf(form)].flatMap(({ papers }) => papers);
  });
  expect(all.length).toBeGreaterThan(40);
  for (const { title, authors, year, url } of all) {
    expect(title).toMatch(/^\S.*[^.]$/);
    expect(authors).toMatch(/^\p{L}/u);
    expect(year).toBeGreaterThan(1900);
    expect(new URL(url).protocol).toBe('https:');
  }
  expect(settingPapers('model', 'mlp')[0].year).toBe(2003);
  expect(settingPapers('model', 'constructor')).toEqual([]);
  expect(settingPapers('seed')).toEqual([]);
});

it('what a field says becomes a value of its setting', () => {
  expect(parseSetting('lr', ' 1e-3 ')).toBe(0.001);
  expect(parseSetting('lr', '')).toBeUndefined();
  expect(parseSetting('lr', 'fast')).toBe('fast');
  expect(parseSetting('warmupSteps', '5%')).toBe('5%');
  expect(parseSetting('shards', 'auto')).toBe('auto');
  expect(parseSetting('tiedHead', 'false')).toBe(false);
  expect(parseSetting('tiedHead', 'maybe')).toBe('maybe');
  expect(parseSetting('alphabet', ' ab')).toBe(' ab');
  expect(parseSetting('data', '')).toBeUndefined();
});

it('a form has settings as far as they are right', () => {
  const { settings, problems } = resolveLeniently({
    flags: { model: 'gpt', lr: 'fast', heads: 5, seed: 7 },
  });
  expect(settings).toMatchObject({ model: 'gpt', lr: 0.001, heads: 5, seed: 7 });
  expect(problems.map(({ key }) => key)).toEqual(['lr', 'heads']);
  expect(settingForm('kvHeads', settings).initial).toBeUndefined();
});
