import { Buffer } from 'node:buffer';
import { bodyOf, parseAnswer, parseRunAnswer, refusal } from './answers.js';
import type { RunRecord } from '../spool/run-record.js';
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

/** The body of a request to a run's file stream. */
export interface StreamRequest {
  readonly files?: Readonly<Record<string, { offset: number; content: readonly string[] }>>;
  readonly complete?: true;
  readonly exitcode?: number;
}

/** Settings of {@link WandbApi}. */
export interface WandbApiOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** After which a request counts as failed. */
  readonly timeoutMs: number;
}

const UPSERT_RUN = `mutation UpsertBucket(
  $name: String, $project: String, $entity: String, $displayName: String, $config: JSONString, $host: String,
  $program: String
) {
  upsertBucket(input: {
    name: $name, modelName: $project, entityName: $entity, displayName: $displayName, config: $config, host: $host,
    jobProgram: $program
  }) {
    bucket { name displayName project { name entity { name } } }
    inserted
  }
}`;

/** The two requests that a run is made of. */
export class WandbApi {
  readonly #options: WandbApiOptions;

  constructor(options: WandbApiOptions) {
    this.#options = options;
  }

  /** Makes the run on the server, or finds it again and updates its configuration. */
  async upsertRun(record: RunRecord, signal?: AbortSignal): Promise<ServerRun> {
    const { id, project, entity, name, host, program } = record;
    const config = Object.fromEntries(
      Object.entries(record.config).map(([key, value]) => [key, { value }]),
    );
    const variables = { name: id, project, entity, displayName: name, host, program };
    const answer = await this.#post(
      '/graphql',
      { query: UPSERT_RUN, variables: { ...variables, config: JSON.stringify(config) } },
      signal,
    );
    const run = this.#withoutKey(() => parseRunAnswer(answer));
    const page = [run.entity, run.project, 'runs', run.id].map(encodeURIComponent).join('/');
    // W&B's own pages are on wandb.ai, its interface on api.wandb.ai; other servers have one address.
    return { ...run, url: `${this.#options.baseUrl.replace('://api.', '://')}/${page}` };
  }

  /** Sends to a run's files. */
  async stream({ entity, project, id }: RunPath, request: StreamRequest, signal?: AbortSignal) {
    const path = [entity, project, id].map(encodeURIComponent).join('/');
    await this.#post(`/files/${path}/file_stream`, request, signal);
  }

  async #post(path: string, body: object, signal?: AbortSignal): Promise<unknown> {
    const { baseUrl, apiKey, timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs); // for the whole answer, however slowly it comes
    const url = `${baseUrl}${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${basic(apiKey)}`,
          'Content-Type': 'application/json',
          'User-Agent': 'llm101-training',
        },
        body: JSON.stringify(body),
        redirect: 'manual', // the key is for this server alone
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      text = await bodyOf(url, response);
    } catch (cause) {
      if (cause instanceof WandbError) throw cause;
      const reason = timeout.aborted ? `no whole answer in ${timeoutMs / 1000} s` : why(cause);
      throw new WandbError(`${url} can't be reached (${reason})`, { isPassing: true, cause });
    }
    return this.#withoutKey(() => {
      if (!response.ok) throw refusal(url, response, text);
      return parseAnswer(url, text);
    });
  }

  /** A server may send back what it got: its text is quoted without the key. */
  #withoutKey<Value>(read: () => Value): Value {
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
