import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { isCount, isRecord, parseJson, toJson } from '../json.js';
import { artifactCount } from '../spool/artifact-record.js';
import { parseRow, RunRecordError } from '../spool/run-record.js';
import type { RunConfig, RunRecord } from '../spool/run-record.js';
import { STREAMS, type ServerBase, type StreamName } from '../spool/send-state.js';
import type { Spool } from '../spool/spool.js';
import type { AnsweredStatus } from './answers.js';
import { configWithClient, configYaml } from './config.js';
import { sendArtifact } from './send-artifact.js';
import type { ServerRun, StreamLines, WandbApi } from './wandb-api.js';
import { WandbError } from './wandb-error.js';

/** Files that are asked for at once. */
const FILES_AT_ONCE = 100;

/** Sends what a spool holds, in order, from where the server has it. */
export class Sender {
  readonly #spool: Spool;
  readonly #api: WandbApi;
  readonly #onProblem: (message: string) => void;
  /** What the server has of the run itself. */
  #record: RunRecord | undefined;
  #run: ServerRun | undefined;
  /** The last value under each name, of the rows that the server has. */
  readonly #summary = new Map<string, unknown>();
  /** What was set in the summary, as the server has it. */
  #setSummary: RunConfig = {};
  /** The configuration that the server had of a run that is continued. */
  #configBefore: RunConfig = {};
  #hasAskedForBase = false;
  /** Files and artifacts that are left out, as the server refuses them. */
  readonly #refused = new Set<string>();

  /** @param onProblem - called with a line about a file that the server refuses */
  constructor(spool: Spool, api: WandbApi, onProblem: (message: string) => void) {
    this.#spool = spool;
    this.#api = api;
    this.#onProblem = onProblem;
    if (Object.keys(spool.summary).length === 0) this.#setSummary = spool.summary;
    const { lines } = spool.state.sent.history;
    if (lines > 0) this.#sumUp(spool.lines('history').slice(0, lines));
  }

  /** Once the server has answered. */
  get run(): ServerRun | undefined {
    return this.#run;
  }

  /**
   * Sends all that is there now; once the run has ended, its end too. What the server has got stays sent when a later
   * request fails.
   *
   * @param heartbeat - say that the run is alive if there is nothing else to say
   * @returns whether anything was said
   * @throws WandbError
   */
  async sendNews(heartbeat: boolean, signal?: AbortSignal): Promise<boolean> {
    const spool = this.#spool;
    await this.#askForBase(signal);
    const run = await this.#upsert(signal);
    let hasSent = await this.#sendStreams(run, signal);
    const { exitCode, complete } = spool.state;
    const isEnding = exitCode !== undefined && !complete;
    if (isEnding) this.#addLastFiles();
    if (await this.#sendFiles(run, signal)) hasSent = true;
    if (await this.#sendArtifacts(run, signal)) hasSent = true;
    if (isEnding) {
      await this.#api.stream(run, { exitCode }, signal);
      spool.setState({ complete: true });
      return true;
    }
    if (heartbeat && !hasSent) await this.#api.stream(run, {}, signal);
    return hasSent || heartbeat;
  }

  async #sendStreams(run: ServerRun, signal?: AbortSignal): Promise<boolean> {
    const spool = this.#spool;
    for (let hasSent = false; ; hasSent = true) {
      const news = spool.allUnsent();
      const isNew = STREAMS.some((name) => news[name].lines.length > 0);
      if (!isNew && this.#setSummary === spool.summary) return hasSent;
      this.#sumUp(news.history.lines);
      const { summary } = spool;
      const streams: Partial<Record<StreamName, StreamLines>> = {};
      for (const name of STREAMS) {
        const { lines } = news[name];
        if (lines.length === 0) continue;
        const offset = (spool.state.base?.lines[name] ?? 0) + spool.state.sent[name].lines;
        const content = name === 'history' ? lines.map((line) => this.#continued(line)) : lines;
        streams[name] = { offset, content };
      }
      await this.#api.stream(run, { streams, summary: this.#summaryJson() }, signal);
      spool.acknowledge(news);
      this.#setSummary = summary;
    }
  }

  /** A row with the step and the time that it has in a run that is continued. */
  #continued(line: string): string {
    const { state, record } = this.#spool;
    const { base } = state;
    if (base === undefined || base === null) return line;
    const row = parseRow(line);
    const [step, runtime] = [row?.['_step'], row?.['_runtime']];
    if (typeof step !== 'number' || typeof runtime !== 'number') return line;
    const shift = record.countsSteps === true ? base.step : 0;
    return toJson({ ...row, _step: step + shift, _runtime: runtime + base.runtime });
  }

  #sumUp(lines: readonly string[]): void {
    for (const line of lines) {
      const row = parseRow(this.#continued(line)) ?? {};
      for (const [name, value] of Object.entries(row)) this.#summary.set(name, value);
    }
  }

  #summaryJson(): string {
    const runtime = Math.floor(Number(this.#summary.get('_runtime') ?? 0)) || 0;
    const last = Object.fromEntries(this.#summary);
    return toJson({ ...last, ...this.#spool.summary, _wandb: { runtime } });
  }

  async #sendFiles(run: ServerRun, signal?: AbortSignal): Promise<boolean> {
    const spool = this.#spool;
    const names = spool.unsentFiles().filter((name) => !this.#refused.has(name));
    for (let i = 0; i < names.length; i += FILES_AT_ONCE) {
      const some = names.slice(i, i + FILES_AT_ONCE);
      const sent: string[] = [];
      await this.#orRefused(some, async () => {
        const targets = await this.#api.filesOf(run, some, signal);
        for (const name of some) {
          const target = targets.get(name);
          if (target === undefined) continue;
          const content = await openAsBlob(join(spool.folder, 'files', name));
          await this.#api.upload(target, content, signal);
          sent.push(name);
        }
      });
      for (const name of some) if (!sent.includes(name)) this.#refused.add(name);
      if (sent.length === 0) continue;
      await this.#api.stream(run, { uploaded: sent }, signal);
      spool.setState({ files: [...spool.state.files, ...sent] });
    }
    return names.length > 0;
  }

  async #sendArtifacts(run: ServerRun, signal?: AbortSignal): Promise<boolean> {
    const { folder, state } = this.#spool;
    const count = artifactCount(folder);
    for (let number = state.artifacts; number < count; number++) {
      const delivery = { api: this.#api, run, folder, number, signal };
      await this.#orRefused([`artifact ${number}`], () => sendArtifact(delivery));
      this.#spool.setState({ artifacts: number + 1 });
    }
    return count > state.artifacts;
  }

  /** Does what the server may refuse, without an end to the rest. */
  async #orRefused(names: readonly string[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isOfOneFile(error)) throw error;
      const reason = error.message;
      this.#onProblem(`W&B: ${names.join(', ')} can't be sent: ${reason}`);
      for (const name of names) this.#refused.add(name);
    }
  }

  /** What W&B's client leaves beside a run that has ended. */
  #addLastFiles(): void {
    const spool = this.#spool;
    spool.addFile('config.yaml', configYaml({ ...spool.record, config: this.#config() }));
    spool.addFile('wandb-summary.json', this.#summaryJson());
    const printed = spool.lines('output').map((line) => line.replace(/^(?:ERROR )?\S+ /, ''));
    if (printed.length > 0) spool.addFile('output.log', `${printed.join('\n')}\n`);
  }

  /** Whether the run continues one that the server has, is asked once, before anything is sent. */
  async #askForBase(signal?: AbortSignal): Promise<void> {
    const { record, state } = this.#spool;
    if (record.resume === undefined || this.#hasAskedForBase || state.base === null) return;
    const status = await this.#api.resumeStatus(record, signal);
    const isFirst = state.base === undefined;
    if (isFirst && status === undefined && record.resume === 'must') {
      throw refusedResume(`there must be a run ${record.id} to resume; the server has none`);
    }
    if (isFirst && status !== undefined && record.resume === 'never') {
      throw refusedResume(`the server has a run ${record.id}; give another id, or resume it`);
    }
    const summary = objectIn(status?.summary);
    for (const [name, value] of Object.entries(summary)) {
      if (!this.#summary.has(name)) this.#summary.set(name, value);
    }
    this.#configBefore = Object.fromEntries(
      Object.entries(objectIn(status?.config))
        .filter(([name]) => name !== '_wandb')
        .map(([name, entry]) => [name, isRecord(entry) ? entry['value'] : entry]),
    );
    if (isFirst) this.#spool.setState({ base: status ? baseOf(status, summary) : null });
    this.#hasAskedForBase = true;
  }

  #config(): RunConfig {
    return { ...this.#configBefore, ...this.#spool.record.config };
  }

  async #upsert(signal?: AbortSignal): Promise<ServerRun> {
    const { record } = this.#spool;
    if (this.#run === undefined || this.#record !== record) {
      const config = configWithClient({ ...record, config: this.#config() });
      this.#run = await this.#api.upsertRun(record, config, signal);
      this.#record = record;
    }
    return this.#run;
  }
}

/** Whether an error is the server's refusal, or of a file that can't be read: the rest can be sent. */
const isOfOneFile = (error: unknown): error is Error =>
  (error instanceof WandbError && !error.isPassing) ||
  error instanceof RunRecordError ||
  (error instanceof Error && 'code' in error);

const refusedResume = (message: string): WandbError =>
  new WandbError(message, { isPassing: false });

/** An object in a server's JSON; an empty one where there is none. */
function objectIn(text = '{}'): RunConfig {
  try {
    const value = parseJson(text === '' ? '{}' : text, { values: 1_000_000 });
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function baseOf(
  { historyLines, eventsLines, logLines }: AnsweredStatus,
  summary: RunConfig,
): ServerBase {
  const { _step: step, _runtime: runtime } = summary;
  return {
    lines: { history: historyLines, events: eventsLines, output: logLines },
    step: isCount(step) ? step + 1 : historyLines,
    runtime: typeof runtime === 'number' ? runtime : 0,
  };
}
