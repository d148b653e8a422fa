import { Buffer } from 'node:buffer';
import type { RunRecord } from './run-record.js';

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

/** Statuses below 500 of requests that may succeed later: too slow, too many, or another one makes the run just now. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429]);

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
    return serverRunOf(this.#options.baseUrl, answer as UpsertAnswer | null);
  }

  /** Sends to a run's files. */
  async stream({ entity, project, id }: RunPath, request: StreamRequest, signal?: AbortSignal) {
    const path = [entity, project, id].map(encodeURIComponent).join('/');
    await this.#post(`/files/${path}/file_stream`, request, signal);
  }

  async #post(path: string, body: object, signal?: AbortSignal): Promise<unknown> {
    const { baseUrl, apiKey, timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const url = `${baseUrl}${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`,
          'Content-Type': 'application/json',
          'User-Agent': 'llm101-training',
        },
        body: JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      });
      text = await response.text();
    } catch (cause) {
      throw new WandbError(`${url} can't be reached (${why(cause)})`, { isPassing: true, cause });
    }
    if (!response.ok) throw refusal(url, response, text);
    return parse(url, text);
  }
}

interface UpsertAnswer {
  readonly data?: {
    readonly upsertBucket?: {
      readonly bucket?: {
        readonly name: string;
        readonly displayName: string;
        readonly project: { readonly name: string; readonly entity: { readonly name: string } };
      } | null;
    } | null;
  } | null;
  readonly errors?: readonly { readonly message?: string }[];
}

function serverRunOf(baseUrl: string, answer: UpsertAnswer | null): ServerRun {
  const bucket = answer?.data?.upsertBucket?.bucket;
  if (!bucket) {
    const messages = answer?.errors?.map(({ message }) => message).join('; ');
    throw new WandbError(`the run was refused: ${messages ?? 'no reason given'}`, {
      isPassing: false,
    });
  }
  const { name: id, displayName } = bucket;
  const project = bucket.project.name;
  const entity = bucket.project.entity.name;
  const path = [entity, project, 'runs', id].map(encodeURIComponent).join('/');
  // W&B's own pages are on wandb.ai, its interface on api.wandb.ai; other servers have one address.
  return { id, displayName, project, entity, url: `${baseUrl.replace('://api.', '://')}/${path}` };
}

function refusal(url: string, response: Response, text: string): WandbError {
  const { status, statusText } = response;
  const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
  const reason = status === 401 || status === 403 ? 'check WANDB_API_KEY' : text.slice(0, 200);
  return new WandbError(`${url} answers ${status} ${statusText} (${reason})`, {
    isPassing: PASSING.has(status) || (status >= 500 && status !== 501),
    retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
  });
}

/** Something between us and W&B may answer with a page of its own, for as long as one isn't logged in there. */
function parse(url: string, text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (cause) {
    throw new WandbError(`${url} must answer with JSON; got ${JSON.stringify(text.slice(0, 80))}`, {
      isPassing: true,
      cause,
    });
  }
}

/** Node's fetch says only "fetch failed"; the reason is underneath. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}

/** A request that W&B didn't do. */
export class WandbError extends Error {
  override readonly name = 'WandbError';
  /** Whether the same request may succeed later. */
  readonly isPassing: boolean;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { isPassing: boolean; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.isPassing = options.isPassing;
    this.retryAfterMs = options.retryAfterMs;
  }
}
