// Each mistake: one line that says what to do, a status that isn't 0, and nothing left behind.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, errorOf, llm101 } from './llm101.js';

describe('llm101 train', () => {
  it.each([
    [['--context-size', '0'], '--context-size must be a whole number of at least 1; got 0'],
    [
      ['--context-size', 'eight'],
      '--context-size must be a whole number of at least 1; got "eight"',
    ],
    [['--context-size', '2.5'], '--context-size must be a whole number of at least 1; got 2.5'],
    [['--val-size', '0'], '--val-size must be a fraction above 0 and below 1; got 0'],
    [['--val-size', '1'], '--val-size must be a fraction above 0 and below 1; got 1'],
    [['--lr', '-1'], '--lr must be a number above 0; got -1'],
    [['--lr', 'Infinity'], '--lr must be a number above 0; got Infinity'],
    [['--max-steps', '0'], '--max-steps must be a whole number of at least 1; got 0'],
    [
      ['--model', 'no-such'],
      '--model must be mlp, cnn, wavenet, gpt, bigram, gru, lstm or megabyte; got "no-such"',
    ],
    [['--seed', '-3'], '--seed must be a whole number from 0 to 4294967295; got -3'],
    [['--data', ''], '--data must be the name of a data set, a path or a URL; got ""'],
    [['--contxt-size', '8'], "unknown option '--contxt-size' (Did you mean --context-size?)"],
    [['--alphabet', ''], '--alphabet must be the characters, each once, or auto; got ""'],
    [
      ['--optimizer', 'no-such'],
      '--optimizer must be sgd, adam, adamw, muon or schedule-free; got "no-such"',
    ],
    [['--momentum', '2'], '--momentum must be a number from 0 to 1; got 2'],
    [['--beta2', '1'], '--beta2 must be a number from 0 to below 1; got 1'],
    [['--weight-decay', 'x'], '--weight-decay must be a number of at least 0; got "x"'],
    [
      ['--optimizer', 'adam', '--momentum', '0.9'],
      '--momentum is for --optimizer sgd; got --optimizer adam',
    ],
    [
      ['--beta1', '0.8'],
      '--beta1 is for --optimizer adam, adamw, muon, schedule-free; got --optimizer sgd',
    ],
    [['--nesterov'], '--nesterov needs a --momentum above 0; got 0, try 0.9'],
    [['--gamma', '0.5'], '--gamma is for --schedule step; got --schedule constant'],
    [
      ['--max-steps', '10', '--warmup-steps', '10'],
      '--warmup-steps must be below --max-steps; got 10 of 10',
    ],
    [
      ['--log', 'csv,xml'],
      "option '--log <kinds>' argument 'csv,xml' is invalid. The kinds are csv, tensorboard, wandb.",
    ],
    [['extra'], "too many arguments for 'train'. Expected 0 arguments but got 1"],
  ])('%j', async (flags, message) => {
    const runDir = join(emptyFolder(), 'run');
    const line = await errorOf(2, 'train', ...flags, '--run-dir', runDir);
    expect(line.startsWith(message), line).toBe(true);
    expect(existsSync(runDir)).toBe(false);
  });

  it.each([
    [
      'a missing file',
      'none.txt',
      undefined,
      /none\.txt' is neither a data set \(names, makemore-names, shakespeare, .*\) nor a file/,
    ],
    [
      'an empty file',
      'empty.txt',
      '',
      /empty\.txt: the text is empty; give one with at least one line/,
    ],
    [
      'a file of empty lines',
      'blank.txt',
      '\n\n',
      /blank\.txt: the text is empty; give one with at least one line/,
    ],
    [
      'one line',
      'one.txt',
      'anna\n',
      /one\.txt must have at least 2 lines .*; got one; give it more/,
    ],
    [
      'lines that end in CR alone',
      'mac.txt',
      'anna\rzoe\r',
      /mac\.txt: lines must end in a line feed; .* save it/,
    ],
    ['bytes that are no text', 'bytes.txt', Buffer.from([0x61, 0xff, 0x0a]), /UTF-8/],
  ])('%s', async (_, name, content, message) => {
    const folder = emptyFolder();
    const data = join(folder, name);
    if (content !== undefined) writeFileSync(data, content);
    const before = readdirSync(folder);
    const line = await errorOf(1, 'train', '--data', data, '--run-dir', join(folder, 'run'));
    expect(line).toMatch(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('a character outside the alphabet', async () => {
    const data = join(emptyFolder(), 'zoe.txt');
    writeFileSync(data, 'anna\nzoé\n');
    const line = await errorOf(1, 'train', '--data', data, '--alphabet', 'anoze');
    expect(line).toMatch(
      /zoe\.txt, line 2: .* got 'é' \(U\+00E9\); take it out, or pass --alphabet auto/,
    );
  });

  it('a context that the convolutions cannot halve', async () => {
    const runDir = join(emptyFolder(), 'run');
    const line = await errorOf(
      2,
      'train',
      '--model',
      'cnn',
      '--context-size',
      '12',
      '--run-dir',
      runDir,
    );
    expect(line).toMatch(/--context-size of cnn must be a power of two/);
    expect(existsSync(runDir)).toBe(false);
  });

  it.each([
    [['--context-size', '1000000000'], /memory of WebAssembly; .* lower .*--context-size/],
    [
      ['--d-hidden', '100000000'],
      /must fit into the memory of WebAssembly; it takes about .* GB.* lower .*--d-hidden/,
    ],
    [['--alphabet', 'aab'], /the alphabet must have each character once; got 'a' twice/],
  ])('%j', async (flags, message) => {
    const runDir = join(emptyFolder(), 'run');
    expect(await errorOf(1, 'train', ...flags, '--run-dir', runDir)).toMatch(message);
    expect(existsSync(runDir)).toBe(false);
  });

  it('no run folder at all', async () => {
    const message =
      /option '--run-dir <folder>' argument '' is invalid. It must be the path of a folder/;
    expect(await errorOf(2, 'train', '--run-dir', '')).toMatch(message);
  });

  it('a run folder that cannot be written', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), 'mine');
    for (const [runDir, why] of [
      [join(folder, 'file'), 'a part of the path is a file'],
      [join(folder, 'file', 'run'), 'a part of the path is a file'],
      ['/proc/run', 'there is no such file or folder'],
    ]) {
      const line = await errorOf(1, 'train', '--max-steps', '5', '--run-dir', runDir);
      expect(line).toBe(
        `the run folder ${runDir} can't be written: ${why}; choose another with --run-dir`,
      );
    }
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('a run folder that holds something else', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'thesis.tex'), 'mine');
    const line = await errorOf(1, 'train', '--run-dir', folder);
    expect(line).toMatch(/must be new, empty or an earlier run; it holds thesis.tex/);
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it('a config file that is missing, no JSON, or has a wrong setting', async () => {
    const config = join(emptyFolder(), 'config.json');
    expect(await errorOf(1, 'train', '--config', config)).toMatch(
      /can't be read: there is no such file/,
    );
    writeFileSync(config, '{"model": ');
    expect(await errorOf(1, 'train', '--config', config)).toMatch(/config\.json must be JSON/);
    writeFileSync(config, '[]');
    expect(await errorOf(1, 'train', '--config', config)).toMatch(
      /must hold an object of settings/,
    );
    writeFileSync(config, '{"dEmbed": "8"}');
    expect(await errorOf(2, 'train', '--config', config)).toContain(
      `${config}: dEmbed must be a whole number of at least 1; got "8"`,
    );
    writeFileSync(config, '{"learningRate": 1}');
    expect(await errorOf(2, 'train', '--config', config)).toContain(
      `${config}: learningRate isn't a setting; did you mean lr?`,
    );
  });

  it('steps that are too large: the error names the step, the metrics stay, no model is saved', async () => {
    const runDir = join(emptyFolder(), 'run');
    const { status, stderr } = await llm101(
      ...'train --lr 1e30 --max-steps 50 --log-interval 1 --run-dir'.split(' '),
      runDir,
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /\nllm101: train: the loss must be finite; got \S+ at step \d+; lower the learning rate/,
    );
    expect(readdirSync(runDir).sort()).toEqual([
      'config.json',
      'fingerprint.json',
      'metrics.jsonl',
      'origin.json',
      'report.html',
      'samples.jsonl',
      'statistics.jsonl',
    ]);
  });
});
