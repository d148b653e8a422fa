import { isCount, isRecord, JsonError, parseJson } from '../json.js';
import { WandbError } from './wandb-error.js';

/** How many bytes an answer may have, once it is decompressed; W&B's have some hundred. */
const MOST_BYTES = 1_000_000;

/** How many characters a name in an answer may have. */
const MOST_NAME = 500;

/** How much of a server's text is quoted. */
const MOST_QUOTED = 200;

/**
 * The text of an answer, whatever the server sends: what comes after a megabyte is never read, so that a bomb of gzip
 * stays small.
 *
 * @throws WandbError when it is longer
 */
export async function bodyOf(url: string, response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      await reader?.cancel().catch(() => undefined);
      throw new WandbError(`${url} may answer with ${MOST_BYTES} bytes; it sends more`, {
        isPassing: false,
      });
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * The value of an answer's JSON. Something between us and W&B may answer with a page of its own, for as long as one isn't
 * logged in there.
 */
export function parseAnswer(url: string, text: string): unknown {
  try {
    return text === '' ? null : parseJson(text, { where: 'it', depth: 16, values: 10_000 });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    const isJson = !(cause.cause instanceof SyntaxError);
    const got = isJson ? `: ${cause.message}` : `; got ${JSON.stringify(text.slice(0, 80))}`;
    throw new WandbError(`${url} must answer with JSON${got}`, { isPassing: !isJson, cause });
  }
}

/** What an answer says of a run. */
export interface AnsweredRun {
  readonly id: string;
  readonly displayName: string;
  readonly project: string;
  readonly entity: string;
}

/** @throws WandbError when the run was refused, or the answer is of another form */
export function parseRunAnswer(answer: unknown): AnsweredRun {
  const bucket = fieldOf(answer, 'data', 'upsertBucket', 'bucket');
  if (bucket === undefined || bucket === null) {
    throw new WandbError(`the run was refused: ${reasonsIn(answer)}`, { isPassing: false });
  }
  const project = fieldOf(bucket, 'project');
  return {
    id: nameIn(bucket, 'name', 'run'),
    displayName: nameIn(bucket, 'displayName', 'run'),
    project: nameIn(project, 'name', 'project'),
    entity: nameIn(fieldOf(project, 'entity'), 'name', 'entity'),
  };
}

/** A field of an answer; `undefined` where there is none. */
export const fieldOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce(ownField, value);

const ownField = (value: unknown, name: string): unknown =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** What an answer says of a run that may be continued. */
export interface AnsweredStatus {
  readonly historyLines: number;
  readonly eventsLines: number;
  readonly logLines: number;
  /** JSON; empty where there is none. */
  readonly summary: string;
  readonly config: string;
}

/** @returns `undefined` where the server has no such run */
export function parseStatusAnswer(answer: unknown): AnsweredStatus | undefined {
  if (fieldOf(answer, 'data') === undefined || fieldOf(answer, 'data') === null) {
    throw new WandbError(`the run's state isn't told: ${reasonsIn(answer)}`, { isPassing: false });
  }
  const bucket = fieldOf(answer, 'data', 'model', 'bucket');
  if (bucket === undefined || bucket === null) return undefined;
  const count = (name: string): number => {
    const value = fieldOf(bucket, name);
    if (isCount(value)) return value;
    throw new WandbError(`the answer must have ${name} of the run, a whole number`, {
      isPassing: false,
    });
  };
  const text = (name: string): string => {
    const value = fieldOf(bucket, name);
    return typeof value === 'string' ? value : '';
  };
  return {
    historyLines: count('historyLineCount'),
    eventsLines: count('eventsLineCount'),
    logLines: count('logLineCount'),
    summary: text('summaryMetrics'),
    config: text('config'),
  };
}

/** Names become parts of an address; a dot or two would lead to another one. */
function nameIn(value: unknown, field: string, what: string): string {
  const name = fieldOf(value, field);
  if (
    typeof name === 'string' &&
    name.length <= MOST_NAME &&
    !/^\.{0,2}$|\p{Surrogate}/u.test(name)
  ) {
    return name;
  }
  throw new WandbError(
    `the answer must have the ${field} of the ${what}, of 1 to ${MOST_NAME} characters; is WANDB_BASE_URL a server of W&B?`,
    { isPassing: false },
  );
}

/** Why something was refused, by GraphQL's list of errors. */
export function reasonsIn(answer: unknown): string {
  const errors = fieldOf(answer, 'errors');
  const reasons = (Array.isArray(errors) ? errors : [])
    .slice(0, 5)
    .map((error: unknown) => fieldOf(error, 'message'))
    .filter((message) => typeof message === 'string')
    .map((message) => message.slice(0, MOST_QUOTED));
  return reasons.length === 0 ? 'no reason given' : reasons.join('; ');
}

/** The error of an answer that isn't a success. */
export function refusal(url: string, response: Response, text: string): WandbError {
  const { status, statusText, headers } = response;
  const said = `${url} answers ${status} ${statusText.slice(0, MOST_QUOTED)}`.trimEnd();
  if (status >= 300 && status < 400) {
    const to = (headers.get('Location') ?? 'nowhere').slice(0, MOST_QUOTED);
    return new WandbError(
      `${said}, which leads to ${to}; the key is sent to no other address; correct WANDB_BASE_URL`,
      { isPassing: false },
    );
  }
  const reason =
    status === 401 || status === 403 ? 'check WANDB_API_KEY' : text.slice(0, MOST_QUOTED);
  return new WandbError(`${said} (${reason})`, {
    isPassing: PASSING.has(status) || (status >= 500 && status !== 501),
    retryAfterMs: retryAfterMs(headers.get('Retry-After')),
  });
}

/** Statuses below 500 of requests that may succeed later: too slow, too many, or another one makes the run just now. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Seconds, or a date; RFC 9110, section 10.2.3. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
