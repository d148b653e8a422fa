// The environment and config files in every command: what is a flag counts, and what is none is refused.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggest } from '@llm101/runs';
import type { Command, Option } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeProgram } from '../src/program.js';
import { CommandLineOption, SettingOption } from '../src/terminal/options.js';
import { settingSources } from '../src/terminal/sources.js';
import { emptyFolder } from './llm101.js';

afterEach(() => vi.unstubAllEnvs());

const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

/** What explains runs whatever there is. */
const EXPLAINS = new Set(['help', 'completion', 'complete']);

const pathOf = (command: Command): string[] =>
  command.parent === null ? [] : [...pathOf(command.parent), command.name()];

const paths = leavesOf(makeProgram(() => {}))
  .filter((command) => !EXPLAINS.has(command.name()))
  .map((command) => pathOf(command).join(' '));

/** Arguments that a command can't do without. */
const NEEDED: Readonly<Record<string, string>> = {
  compress: 'file -o out',
  decompress: 'file -o out',
  'scaling-laws': 'runs.csv',
  'wandb sync': 'run',
};

/** Calls a command that does nothing, and gives it as it then is. */
async function call(path: string, line = ''): Promise<Command> {
  const program = makeProgram(() => {});
  let called: Command | undefined;
  for (const command of leavesOf(program)) {
    command.exitOverride().configureOutput({ outputError: () => {} });
    command.action(() => void (called = command));
  }
  const words = `${path} ${NEEDED[path] ?? ''} ${line}`.split(' ').filter((word) => word !== '');
  await program.parseAsync(['node', 'llm101', ...words]);
  if (called === undefined) throw new Error(`${path} wasn't called`);
  return called;
}

const variableOf = (option: Option): string =>
  `LLM101_${(option.long ?? '').slice(2).replaceAll('-', '_').toUpperCase()}`;

const isOwn = (option: Option): boolean =>
  !(option instanceof SettingOption || option instanceof CommandLineOption) &&
  !option.negate &&
  option.attributeName() !== 'config';

/** Values of flags that take names. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  log: ['csv', 'wandb', 'tensorboard'],
  format: ['onnx', 'hf', 'gguf'],
  language: ['pytorch', 'typescript', 'pytorch'],
};

const flags = leavesOf(makeProgram(() => {}))
  .filter((command) => !EXPLAINS.has(command.name()))
  .flatMap((command) =>
    command.options.filter(isOwn).map((option) => {
      const [one, two, three] = option.isBoolean()
        ? ['true', 'true', 'true']
        : (NAMED[option.attributeName()] ?? ['1', '2', '3']);
      return { path: pathOf(command).join(' '), option, one, two, three };
    }),
  );

it('there are flags of every command', () => {
  expect(new Set(flags.map(({ path }) => path))).toEqual(new Set(paths));
  expect(flags.map(({ path, option }) => `${path} ${option.long}`)).toEqual(
    expect.arrayContaining([
      'train --run-dir',
      'train --log',
      'train --plot',
      'train --json',
      'sample --count',
      'lr-find --from',
      'entropy --order',
      'denoise --rate',
      'wandb sync --quiet',
    ]),
  );
});

it.each(flags)('$path $option.long: a flag before a variable before a file', async (row) => {
  const { path, option, one, two, three } = row;
  const key = option.attributeName();
  const written = (text: string): unknown =>
    option.isBoolean() ? true : (option.parseArg?.(text, undefined) ?? text);
  const config = join(emptyFolder(), 'some.json');
  writeFileSync(config, JSON.stringify({ [key]: option.isBoolean() ? true : one }));
  const valueOf = async (line: string): Promise<unknown> =>
    (await call(path, line)).getOptionValue(key) as unknown;
  expect(await valueOf(`--config ${config}`)).toEqual(written(one));
  vi.stubEnv('LLM101_CONFIG', config);
  expect(await valueOf('')).toEqual(written(one));
  vi.stubEnv(variableOf(option), two);
  expect(await valueOf('')).toEqual(written(two));
  const flag = option.isBoolean() ? option.long : `${option.long} ${three}`;
  expect(await valueOf(flag ?? '')).toEqual(written(three));
  vi.stubEnv(variableOf(option), '');
  expect(await valueOf('')).toEqual(written(one));
});

it.each(flags.filter(({ option }) => option.isBoolean()))(
  '$path: what a variable or a file switches on by $option.long, a flag switches off',
  async ({ path, option }) => {
    const off = (option.long ?? '').replace('--', '--no-');
    vi.stubEnv(variableOf(option), 'true');
    expect((await call(path, off)).getOptionValue(option.attributeName())).toBe(false);
  },
);

describe.each(paths)('%s', (path) => {
  it('refuses a variable and a key that nothing reads, naming what was meant', async () => {
    vi.stubEnv('LLM101_DHIDDEN', '3');
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const said = await call(path).then(
      () => warned.mock.calls.join(''), // llm101 config warns, and shows the settings
      String,
    );
    warned.mockRestore();
    expect(said).toContain(
      "LLM101_DHIDDEN is set, but isn't a setting; did you mean LLM101_D_HIDDEN?",
    );
    vi.unstubAllEnvs();
    const config = join(emptyFolder(), 'some.json');
    writeFileSync(config, '{"dhiden": 3}');
    await expect(call(path, `--config ${config}`)).rejects.toThrow(
      `${config}: dhiden isn't a setting; did you mean dHidden?`,
    );
  });
  it('lets be what another command reads', async () => {
    vi.stubEnv('LLM101_TEMPERATURE', '2');
    vi.stubEnv('LLM101_MAX_STEPS', '2');
    vi.stubEnv('LLM101_DATA_DIR', '/data');
    await expect(call(path)).resolves.toBeDefined();
  });
  it('refuses a variable that isn’t what its flag may be', async () => {
    vi.stubEnv('LLM101_JSON', 'perhaps');
    await expect(call(path)).rejects.toThrow('LLM101_JSON must be true or false; got "perhaps"');
  });
});

it('settings come from flags, the environment and a file, in this order', async () => {
  const config = join(emptyFolder(), 'some.json');
  writeFileSync(config, JSON.stringify({ seed: 1, valSize: 0.2, data: 'a.txt', count: 3 }));
  vi.stubEnv('LLM101_CONFIG', config);
  vi.stubEnv('LLM101_SEED', '2');
  vi.stubEnv('LLM101_DATA', 'b.txt');
  for (const path of ['train', 'lr-find', 'entropy', 'denoise', 'data', 'config']) {
    const command = await call(path, '--data c.txt');
    const { flags: own, environment, file } = settingSources(command, command.opts());
    expect(own, path).toMatchObject({ data: 'c.txt' });
    expect(environment, path).toEqual({ seed: 2, data: 'b.txt' });
    expect(file, path).toEqual({
      path: config,
      settings: { seed: 1, valSize: 0.2, data: 'a.txt' },
    });
  }
});

it.each([
  ['DHIDDEN', 'D_HIDDEN'],
  ['maxStep', 'maxSteps'],
  ['max-steps', 'maxSteps'],
  ['sede', 'seed'],
  ['HOME', undefined],
  ['x', undefined],
])('takes %s for %s', (written, meant) => {
  const names = ['D_HIDDEN', 'maxSteps', 'seed', 'lr', 'valSize'];
  expect(suggest(written, names)).toBe(meant);
});
