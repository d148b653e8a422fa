import { Buffer } from 'node:buffer';
import { toJson } from '../json.js';
import type { StreamName } from '../spool/send-state.js';
import type { RunConfig, RunRecord } from '../spool/run-record.js';
import { bodyOf, fieldOf, parseAnswer, parseRunAnswer, parseStatusAnswer } from './answers.js';
import { reasonsIn, refusal, type AnsweredStatus } from './answers.js';
import { CREATE_RUN_FILES, RESUME_STATUS, UPSERT_RUN } from './queries.js';
import { parseUploadTarget, type UploadTarget } from './upload-target.js';
import { WandbError } from './wandb-error.js';

/** Where a run is on the server. */
export interface RunPath {
  /** The user or team it belongs to. */
  readonly entity: string;
  readonly project: string;
  /** Of the run, unique in its project. */
  readonly id: string;
}

/** A run as the server has it. */
export interface ServerRun extends RunPath {
  /** Under which its page shows it. */
  readonly displayName: string;
  /** Where people see it. */
  readonly url: string;
}

/** Lines of a stream, and where they go. */
export interface StreamLines {
  readonly offset: number;
  readonly content: readonly string[];
}

/** What a request to a run's file stream has. */
export interface StreamRequest {
  readonly streams?: Readonly<Partial<Record<StreamName, StreamLines>>>;
  /** JSON of the whole summary. */
  readonly summary?: string;
  /** Names of files that were sent. */
  readonly uploaded?: readonly string[];
  readonly exitCode?: number;
}

/** The files of W&B's own client. */
const FILE_OF: Readonly<Record<StreamName, string>> = {
  history: 'wandb-history.jsonl',
  events: 'wandb-events.jsonl',
  output: 'output.log',
};

/** Settings of {@link WandbApi}. */
export interface WandbApiOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** After which a request counts as failed. */
  readonly timeoutMs: number;
  /** After which the sending of a file counts as failed. */
  readonly uploadMs: number;
}

/** Who asks. */
const USER_AGENT = 'llm101-wandb';

/** The requests that a run is made of. */
export class WandbApi {
  readonly #options: WandbApiOptions;

  constructor(options: WandbApiOptions) {
    this.#options = options;
  }

  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  /**
   * Makes the run on the server, or finds it again and updates it.
   *
   * @param config - the run's, with W&B's own entry
   */
  async upsertRun(record: RunRecord, config: RunConfig, signal?: AbortSignal): Promise<ServerRun> {
    const { id, project, entity, name, group, jobType, notes, tags, host, program, git } = record;
    const entries = Object.entries(config).map(([key, value]) => [key, { value }]);
    const variables = {
      name: id,
      project,
      entity,
      groupName: group,
      displayName: name,
      notes,
      jobType,
      tags,
      host,
      program,
      commit: git?.commit,
      repo: git?.remote,
      config: toJson(Object.fromEntries(entries)),
    };
    const answer = await this.query(UPSERT_RUN, variables, signal);
    const run = this.withoutKey(() => parseRunAnswer(answer));
    const page = [run.entity, run.project, 'runs', run.id].map(encodeURIComponent).join('/');
    // W&B's own pages are on wandb.ai, its interface on api.wandb.ai; other servers have one address.
    return { ...run, url: `${this.#options.baseUrl.replace('://api.', '://')}/${page}` };
  }

  /** What the server has of a run; `undefined` where it has none. */
  async resumeStatus(
    { id, project, entity }: RunRecord,
    signal?: AbortSignal,
  ): Promise<AnsweredStatus | undefined> {
    const answer = await this.query(RESUME_STATUS, { name: id, project, entity }, signal);
    return this.withoutKey(() => parseStatusAnswer(answer));
  }

  /** Sends to a run's files. */
  async stream({ entity, project, id }: RunPath, request: StreamRequest, signal?: AbortSignal) {
    const path = [entity, project, id].map(encodeURIComponent).join('/');
    const { streams = {}, summary, uploaded, exitCode } = request;
    const files = Object.fromEntries([
      ...Object.entries(streams).map(([name, lines]) => [FILE_OF[name as StreamName], lines]),
      ...(summary === undefined ? [] : [['wandb-summary.json', { offset: 0, content: [summary] }]]),
    ]) as Record<string, StreamLines>;
    const body = {
      ...(Object.keys(files).length > 0 && { files }),
      ...(uploaded && { uploaded }),
      ...(exitCode !== undefined && { complete: true, exitcode: exitCode }),
    };
    await this.#post(`/files/${path}/file_stream`, body, signal);
  }

  /** Where files of a run are sent, by their names. */
  async filesOf(
    { entity, project, id }: RunPath,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, UploadTarget>> {
    const variables = { entity, project, run: id, files: names };
    const answer = await this.query(CREATE_RUN_FILES, variables, signal);
    return this.withoutKey(() => {
      const made = fieldOf(answer, 'data', 'createRunFiles');
      const files: unknown = fieldOf(made, 'files');
      if (!Array.isArray(files)) {
        throw new WandbError(`files are refused: ${reasonsIn(answer)}`, { isPassing: false });
      }
      const headers = fieldOf(made, 'uploadHeaders');
      const targets = files.map(
        (file: unknown) =>
          [fieldOf(file, 'name'), parseUploadTarget(file, this.baseUrl, headers)] as const,
      );
      return new Map(targets.filter(([name]) => names.includes(String(name)))) as Map<
        string,
        UploadTarget
      >;
    });
  }

  /** Sends a file to where it shall go. */
  async upload(
    { url, headers, isOwn }: UploadTarget,
    content: Blob | string,
    signal?: AbortSignal,
  ): Promise<void> {
    const request = { method: 'PUT', headers, body: content };
    await this.#fetch(url, { request, withKey: isOwn, timeoutMs: this.#options.uploadMs, signal });
  }

  /** @returns the answer's JSON, which may hold errors */
  async query(query: string, variables: object, signal?: AbortSignal): Promise<unknown> {
    return this.#post('/graphql', { query, variables }, signal);
  }

  async #post(path: string, body: object, signal?: AbortSignal): Promise<unknown> {
    const url = `${this.#options.baseUrl}${path}`;
    const text = await this.#fetch(url, {
      request: {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      },
      withKey: true,
      timeoutMs: this.#options.timeoutMs,
      signal,
    });
    return this.withoutKey(() => parseAnswer(url, text));
  }

  async #fetch(
    url: string,
    {
      request,
      withKey,
      timeoutMs,
      signal,
    }: {
      readonly request: {
        readonly method: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: Blob | string;
      };
      readonly withKey: boolean;
      readonly timeoutMs: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<string> {
    const timeout = AbortSignal.timeout(timeoutMs); // for the whole answer, however slowly it comes
    const key = withKey ? { Authorization: `Basic ${basic(this.#options.apiKey)}` } : {};
    // what is signed for a file stands in its address
    const shown = url.replace(/\?.*$/, '');
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        ...request,
        headers: { ...request.headers, ...key, 'User-Agent': USER_AGENT },
        redirect: 'manual', // the key is for this server alone
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      text = await bodyOf(shown, response);
    } catch (cause) {
      if (cause instanceof WandbError) throw cause;
      const reason = timeout.aborted ? `no whole answer in ${timeoutMs / 1000} s` : why(cause);
      throw new WandbError(`${shown} can't be reached (${reason})`, { isPassing: true, cause });
    }
    return this.withoutKey(() => {
      if (!response.ok) throw refusal(shown, response, text);
      return text;
    });
  }

  /** A server may send back what it got: its text is quoted without the key. */
  withoutKey<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      const { apiKey } = this.#options;
      if (!(error instanceof WandbError) || apiKey.length < SHORTEST_KEY) throw error;
      const message = error.message.replaceAll(apiKey, '***').replaceAll(basic(apiKey), '***');
      throw new WandbError(message, error);
    }
  }
}

/** W&B's have 40 characters; a word of a message is no key. */
const SHORTEST_KEY = 8;

const basic = (apiKey: string): string => Buffer.from(`api:${apiKey}`).toString('base64');

/** Node's fetch says only "fetch failed"; the reason is underneath. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}
