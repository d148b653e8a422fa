// Where settings come from, and which source overrides which.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentSettings, unknownVariables } from '../src/terminal/sources.js';
import { bin, emptyFolder, ended, start } from './llm101.js';

describe('the environment', () => {
  it('has numbers, words and switches', () => {
    const variables = {
      LLM101_MAX_STEPS: '500',
      LLM101_DATA: '2024',
      LLM101_DISTINCT: 'true',
      LLM101_COMPILE: '0',
      LLM101_LAYER_NORM: '',
      LLM101_WEIGHT_DECAY: '0.1',
      LLM101_LR: 'fast',
      LLM101_NESTEROV: 'constructor',
      PATH: '/bin',
    };
    expect(environmentSettings(variables)).toEqual({
      maxSteps: 500,
      data: '2024',
      distinct: true,
      compile: false,
      weightDecay: 0.1,
      lr: 'fast',
      nesterov: 'constructor',
    });
  });
  it('may hold what is no setting', () => {
    const variables = { LLM101_MAXSTEPS: '1', LLM101_DATA_DIR: '/', LLM101_SEED: '1', HOME: '/' };
    expect(unknownVariables(['seed', 'maxSteps'], variables)).toEqual(['LLM101_MAXSTEPS']);
  });
});

describe('llm101 config', () => {
  interface Row {
    readonly setting: string;
    readonly value: unknown;
    readonly from: string;
  }
  it('says what a run would have, and why', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'llm101.config.json'), '{ "logInterval": 50, "seed": 1 }');
    const env = { LLM101_SEED: '7', LLM101_SEDE: '8' };
    const args = ['config', '--preset', 'wavenet', '--no-compile', '--json'];
    const { status, stdout, stderr } = await ended(start(args, { cwd, env }));
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "llm101: LLM101_SEDE is set, but isn't a setting; did you mean LLM101_SEED?\n",
    });
    const { settings: rows } = JSON.parse(stdout) as { settings: Row[] };
    const found = new Map(rows.map(({ setting, value, from }) => [setting, [value, from]]));
    expect(found.get('logInterval')).toEqual([50, 'llm101.config.json']);
    expect(found.get('seed')).toEqual([7, 'LLM101_SEED']);
    expect(found.get('model')).toEqual(['wavenet', 'preset wavenet']);
    expect(found.get('compile')).toEqual([false, '--no-compile']);
    expect(found.get('valSize')).toEqual([0.1, 'default']);
    expect(found.get('dataSha256')).toEqual([null, 'default']);
  });
  it('says what is wrong with a file that it found', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'llm101.config.json'), '{ "batchSize": 0 }');
    const { status, stderr } = await ended(start(['train'], { cwd }));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^llm101: llm101.config.json: batchSize must be .*; got 0; llm101 train/,
    );
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'runs', 'first'), { recursive: true });
    writeFileSync(join(cwd, 'rivers.txt'), '');
    const { status, stdout } = await ended(start(['complete', '--', ...words], { cwd }));
    expect(status).toBe(0);
    const lines = stdout.split('\n').map((line) => line.split('\t')[0]);
    return lines.slice(
      0,
      lines.findIndex((line) => line.startsWith(':')),
    );
  };
  it.each([
    [['tr'], ['train']],
    [
      ['train', '--mo'],
      ['--model', '--momentum'],
    ],
    [
      ['train', '--model', ''],
      ['mlp', 'cnn', 'wavenet', 'gpt', 'bigram', 'gru', 'lstm', 'megabyte'],
    ],
    [
      ['train', '--preset', 'wavenet-'],
      ['wavenet-small', 'wavenet-large'],
    ],
    [
      ['train', '--schedule', 'c'],
      ['constant', 'cosine'],
    ],
    [
      ['train', '--data', 'r'],
      ['rivers.txt', 'runs/'],
    ],
    [['entropy', '--model', 'runs/'], ['runs/first/']],
    [['report', 'runs/f'], ['runs/first/']],
    [['wandb', 's'], ['sync']],
    [
      ['help', 'e'],
      ['evaluate', 'entropy', 'export', 'examples', 'environment', 'exit-codes'],
    ],
    [['train', '--seed', ''], []],
  ])('of %j', async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });
  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const { status, stdout } = await ended(start(['completion', shell]));
    expect(status).toBe(0);
    expect(stdout).toContain('llm101 complete --');
  });
  it('works in a bash without anything else, sourced twice; what is typed is never run', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'runs', 'my first'), { recursive: true });
    const { stdout: script } = await ended(start(['completion', 'bash']));
    writeFileSync(join(cwd, 'completion.sh'), script);
    const driver = [
      'set -u; source completion.sh; source completion.sh',
      `llm101() { '${process.execPath}' '${bin}' "$@"; }`,
      'COMP_WORDS=(llm101 "$@"); COMP_CWORD=$#; _llm101; echo "${COMPREPLY[*]-}"',
    ].join('\n');
    const complete = async (...words: string[]): Promise<string> => {
      const child = spawn('bash', ['--norc', '-c', driver, 'bash', ...words], { cwd });
      const { stdout, stderr } = await ended(child);
      expect(stderr).toBe('');
      return stdout.trimEnd();
    };
    expect(await complete('tr')).toBe('train');
    expect(await complete('train', '--model', 'c')).toBe('cnn');
    expect(await complete('train', '--preset', '=', 'wavenet-')).toBe(
      'wavenet-small wavenet-large',
    );
    expect(await complete('train', '--preset', '=')).toMatch(/^lecture-mlp .* course-gpt-medium$/);
    expect(await complete('report', 'runs/m')).toBe('runs/my\\ first/');
    expect(await complete('$(touch run)')).toBe('');
    expect(await complete('train', '--data', 'a;touch run')).toBe('');
    expect(readdirSync(cwd).sort()).toEqual(['completion.sh', 'runs']);
  });
});

describe('llm101 help', () => {
  const help = async (...args: string[]) => ended(start(['help', ...args]));
  it('explains commands and topics', async () => {
    expect((await help('train')).stdout).toMatch(/^Usage: llm101 train /);
    expect((await help('exit-codes')).stdout).toMatch(/^130 +stopped by Ctrl-C/m);
    expect((await help()).stdout).toContain('explain a command or a topic');
  });
  it('knows when there is nothing to explain', async () => {
    const { status, stderr } = await help('trian');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^llm101: there is no command or topic "trian"; the topics are examples,/,
    );
  });
});
