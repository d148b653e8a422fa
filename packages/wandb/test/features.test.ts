// What a run has beside its figures: tags, summary, tables, the machine, what it printed, artifacts, and runs that continue.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WANDB_KEY, WandbServer } from '@tools/testing';
import { afterEach, expect, it, vi } from 'vitest';
import * as wandb from '../src/index.js';
import { resolveServer } from '../src/settings/settings.js';
import { begin, emptyFolder, timings, untimed } from './runs.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const jsonOf = (text: string | undefined): Record<string, unknown> =>
  JSON.parse(String(text)) as Record<string, unknown>;

it('names, groups, tags and notes come as options or of the environment', async () => {
  const server = await WandbServer.start();
  vi.stubEnv('WANDB_RUN_GROUP', 'sweep-1');
  vi.stubEnv('WANDB_JOB_TYPE', 'other');
  vi.stubEnv('WANDB_TAGS', 'a, b,,c');
  vi.stubEnv('WANDB_NOTES', 'why');
  vi.stubEnv('WANDB_RUN_ID', 'my-id_1');
  const { run } = begin(server.url, { jobType: 'trial', program: 'llm101' });
  await run.finish();
  expect(run.id).toBe('my-id_1');
  expect(server.runs.get('my-id_1')?.variables).toMatchObject({
    groupName: 'sweep-1',
    jobType: 'trial',
    tags: ['a', 'b', 'c'],
    notes: 'why',
    program: 'llm101',
  });
  expect(server.complaints).toEqual([]);
});

it('an id leads to no other address', () => {
  vi.stubEnv('WANDB_RUN_ID', '../x');
  expect(() => begin('http://127.0.0.1:9')).toThrow('WANDB_RUN_ID must be 1 to 128 letters');
  vi.stubEnv('WANDB_RUN_ID', '');
  vi.stubEnv('WANDB_RESUME', 'perhaps');
  expect(() => begin('http://127.0.0.1:9')).toThrow('WANDB_RESUME must be must, allow, never or');
});

it('the summary has the last values, what was set, and the time', async () => {
  const server = await WandbServer.start();
  const { run } = begin(server.url);
  run.log({ loss: 3 });
  run.log({ loss: 2 });
  run.updateSummary({ loss: 1, bestStep: 7 });
  await run.finish();
  const kept = server.runs.get(run.id);
  const summary = jsonOf(kept?.summary);
  expect(summary).toMatchObject({ _step: 1, loss: 1, bestStep: 7, _wandb: { runtime: 0 } });
  expect(jsonOf(kept?.files.get('wandb-summary.json'))).toEqual(summary);
  expect(kept?.uploaded.toSorted()).toEqual([
    'config.yaml',
    'wandb-metadata.json',
    'wandb-summary.json',
  ]);
});

it('a table is a file of the run, and the row says which', async () => {
  const server = await WandbServer.start();
  const { run } = begin(server.url);
  run.log({ 'a/b': wandb.table({ columns: ['n', 'x'], data: [[1, NaN]] }) });
  await run.finish();
  const kept = server.runs.get(run.id);
  const [{ 'a/b': row }] = untimed(kept?.history ?? []);
  const { path, ...rest } = row as { path: string };
  expect(path).toMatch(/^media\/table\/a_b_0_[0-9a-f]{20}\.table\.json$/);
  expect(rest).toMatchObject({ _type: 'table-file', ncols: 2, nrows: 1, size: 40 });
  expect(kept?.files.get(path)).toBe('{"columns":["n","x"],"data":[[1,"NaN"]]}');
  expect(() => wandb.table({ columns: ['a'], data: [[1, 2]] })).toThrow(
    'table: row 0 must have 1 cells, as there are columns; got 2',
  );
});

it('figures of the machine and the program are told, without secrets', async () => {
  const server = await WandbServer.start();
  const args = ['--lr', '0.1', '--api-key', 'abc', 'https://me:pw@host/x?token=abc', 'KEY=abc'];
  const { run } = begin(server.url, { systemMetrics: true, args });
  await run.finish();
  const kept = server.runs.get(run.id);
  const [event] = untimed(kept?.events ?? []);
  expect(event['_wandb']).toBe(true);
  for (const name of ['cpu', 'memory_percent', 'proc.memory.rssMB', 'disk./.usagePercent'])
    expect(event[`system.${name}`]).toEqual(expect.any(Number));
  expect(event['system.memory_percent']).toBeLessThan(100);
  const metadata = jsonOf(kept?.files.get('wandb-metadata.json'));
  expect(metadata).toMatchObject({
    args: ['--lr', '0.1', '--api-key', '***', 'https://***@host/x?token=***', 'KEY=***'],
    node: process.versions.node,
    cpu_count_logical: expect.any(Number),
  });
  const { _wandb } = jsonOf(String(kept?.variables['config']));
  expect(_wandb).toMatchObject({
    value: { node_version: process.versions.node, e: { [String(metadata['writerId'])]: metadata } },
  });
});

it('what is printed is a part of the run where that is asked for', async () => {
  const server = await WandbServer.start();
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { run } = begin(server.url, { console: true });
  process.stdout.write('first\nsec');
  process.stdout.write('ond\n 10%\r 20%\r\u001B[K 30%\u001B[32m done\u001B[0m\nrest');
  process.stderr.write('an error\n');
  await run.finish();
  process.stdout.write('not told\n');
  expect(write).toHaveBeenCalledTimes(3);
  write.mockRestore();
  const { output, files } = server.runs.get(run.id) ?? { output: [], files: undefined };
  const lines = output.map((line) => line.replace(/[\d-]+T[\d:.]+ /, ''));
  expect(lines).toEqual([
    'first',
    'second',
    ' 30%\u001B[32m done\u001B[0m',
    'ERROR an error',
    'rest',
  ]);
  expect(files?.get('output.log')?.split('\n')).toContain('an error');
});

it('an artifact is sent with its manifest, as it was when it was logged', async () => {
  const server = await WandbServer.start();
  const model = join(emptyFolder(), 'model.bin');
  writeFileSync(model, '12345');
  const { run } = begin(server.url);
  run.logArtifact({ name: 'model', type: 'model', files: [model], metadata: { valLoss: 2 } });
  writeFileSync(model, 'another');
  expect(() => run.logArtifact({ name: 'a b', type: 'model', files: [model] })).toThrow(RangeError);
  await run.finish();
  const [{ input, files, isCommitted }] = server.artifacts;
  // the digests are those of W&B's own client for a file of this content
  expect(input).toMatchObject({
    entityName: 'me',
    projectName: 'names',
    runName: run.id,
    artifactTypeName: 'model',
    artifactCollectionName: 'model',
    digest: '73dd79e16738b42d66ee439721107543',
    aliases: [{ alias: 'latest', artifactCollectionName: 'model' }],
    metadata: '{"valLoss":2}',
  });
  expect(files.get('model.bin')).toBe('12345');
  expect(jsonOf(files.get('wandb_manifest.json'))).toMatchObject({
    contents: { 'model.bin': { digest: 'gnzLDuqKcGxMNKFokfhOew==', size: 5 } },
  });
  expect([isCommitted, server.artifacts.length]).toEqual([true, 1]);
  expect(server.complaints).toEqual([]);
});

it('files that the server refuses end nothing', async () => {
  const server = await WandbServer.start();
  const { run, messages } = begin(server.url);
  run.log({ loss: 1 });
  server.faults.push(undefined, undefined, 403); // the run, its rows, then where its files go
  await run.finish();
  expect(server.runs.get(run.id)?.exitCode).toBe(0);
  expect(messages).toContainEqual(
    expect.stringContaining("wandb-metadata.json, wandb-summary.json can't be sent: http"),
  );
});

it('a run that another process began is continued', async () => {
  const server = await WandbServer.start();
  const first = begin(server.url, { id: 'one', config: { lr: 1, old: true } }).run;
  for (const loss of [3, 2]) first.log({ loss });
  await first.finish();
  const again = begin(server.url, { id: 'one', resume: 'must', config: { lr: 2 } }).run;
  again.log({ valLoss: 5 });
  await again.finish();
  const kept = server.runs.get('one');
  expect(untimed(kept?.history ?? [])).toEqual([
    { _step: 0, loss: 3 },
    { _step: 1, loss: 2 },
    { _step: 2, valLoss: 5 },
  ]);
  expect(jsonOf(kept?.summary)).toMatchObject({ loss: 2, valLoss: 5, _step: 2 });
  expect(jsonOf(String(kept?.variables['config']))).toMatchObject({
    lr: { value: 2 },
    old: { value: true },
  });
  await wandb.syncRun(again.folder, { apiKey: WANDB_KEY, baseUrl: server.url, timings });
  expect(server.runs.get('one')?.history).toHaveLength(3);
});

it.each([
  ['must', 'absent', /there must be a run absent to resume; the server has none/],
  ['never', 'there', /the server has a run there; give another id, or resume it/],
] as const)('a run that %s be resumed, and is %s, is kept', async (resume, id, message) => {
  const server = await WandbServer.start();
  await begin(server.url, { id: 'there' }).run.finish();
  const { run, messages } = begin(server.url, { id, resume });
  run.log({ loss: 1 });
  await run.finish();
  expect(messages.join()).toMatch(message);
  expect(server.runs.get('there')?.history).toEqual([]);
});

it('the run that was begun last here is continued until it ends', async () => {
  const folder = emptyFolder();
  vi.stubEnv('WANDB_DIR', folder);
  vi.stubEnv('WANDB_MODE', 'offline');
  const options = { resume: 'auto', systemMetrics: false } as const;
  const first = wandb.init(options);
  expect(first.folder).toMatch(new RegExp(`/wandb/offline-run-\\d{8}_\\d{6}-${first.id}$`));
  const again = wandb.init(options);
  expect(again.id).toBe(first.id);
  await again.finish();
  expect(existsSync(join(folder, 'wandb', 'wandb-resume.json'))).toBe(false);
  expect(wandb.init(options).id).not.toBe(first.id);
});

it('of a training the best validation and the end are in the summary too', async () => {
  const server = await WandbServer.start();
  const { run } = begin(server.url);
  const listener = wandb.trainingListener(run);
  for (const [step, valLoss] of [3, 2, 2.5].entries())
    listener({ type: 'log', metrics: { step, valLoss } });
  listener({ type: 'end', step: 2, reason: 'finished' });
  await run.finish();
  expect(jsonOf(server.runs.get(run.id)?.summary)).toMatchObject({
    valLoss: 2.5,
    bestValLoss: 2,
    bestStep: 1,
    endReason: 'finished',
    steps: 2,
  });
});

it('its messages are silenced by WANDB_SILENT, and those of no trouble by WANDB_QUIET', async () => {
  const server = await WandbServer.start();
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.stubEnv('WANDB_DIR', emptyFolder());
  const options = { apiKey: WANDB_KEY, baseUrl: server.url, timings, systemMetrics: false };
  const said: unknown[] = [];
  for (const variable of ['WANDB_QUIET', 'WANDB_SILENT', 'NONE']) {
    vi.stubEnv(variable, 'true');
    await wandb.init(options).finish();
    vi.stubEnv(variable, '');
    said.push(write.mock.calls.length);
  }
  write.mockRestore();
  expect(said).toEqual([0, 0, 1]);
});

it('a settings file says where and how, but not to whom, unless it is the user’s own', () => {
  const folder = emptyFolder();
  vi.stubEnv('WANDB_DIR', folder);
  vi.stubEnv('WANDB_CONFIG_DIR', join(folder, 'config'));
  vi.stubEnv('WANDB_API_KEY', WANDB_KEY);
  const run = wandb.init({ mode: 'offline', systemMetrics: false });
  const place = join(folder, 'wandb', 'settings');
  writeFileSync(
    place,
    '[other]\nproject = no\n[default]\n# comment\nproject = mine\nmode: offline\nbase_url = ftp://evil\n',
  );
  const { folder: kept } = wandb.init({ systemMetrics: false });
  expect(jsonOf(readFileSync(join(kept, 'run.json'), 'utf8'))['project']).toBe('mine');
  expect(resolveServer({}).baseUrl).toBe('https://api.wandb.ai');
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'settings'), '[default]\nbase_url = https://own\n');
  expect(resolveServer({}).baseUrl).toBe('https://own');
  void run.finish();
});
