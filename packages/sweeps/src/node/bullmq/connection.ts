import type { Redis } from 'ioredis';
import { UserError } from '@llm101/runs';
import { type QueueAddress, withoutPassword } from './address.js';
import type { Engine } from './engine.js';

/** Settings of {@link connect}. */
export interface ConnectOptions {
  /** How long it is tried, in milliseconds, where Redis isn't there: it may be about to start. Default: 3000. */
  readonly patienceMs?: number | undefined;
  /** Gets a line where the connection is lost, and where it is there again. */
  readonly note?: ((line: string) => void) | undefined;
}

const PATIENCE_MS = 3000;
/** How long a host may take to answer. */
const ANSWER_MS = 10_000;
/** Between two attempts to connect at all. */
const RETRY_FIRST_MS = 200;
/** Between two attempts to connect again, at most. */
const RETRY_MS = 2000;

/**
 * Connects to Redis. Once it is there, a connection that is lost is made again for as long as it takes, and what was asked meanwhile waits.
 *
 * @throws UserError when Redis can't be reached or doesn't let one in
 */
export async function connect(
  address: QueueAddress,
  engine: Pick<Engine, 'Redis'>,
  { patienceMs = PATIENCE_MS, note }: ConnectOptions = {},
): Promise<Redis> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await connectOnce(address, engine, note);
    } catch (error) {
      const isLate = performance.now() > untilMs;
      if (isLate || !(error instanceof RefusedError) || error.isAccess) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_FIRST_MS));
    }
  }
}

async function connectOnce(
  address: QueueAddress,
  { Redis }: Pick<Engine, 'Redis'>,
  note: ConnectOptions['note'],
): Promise<Redis> {
  let isOpen = false;
  let isLost = false;
  let problem: Error | undefined;
  const client = new Redis(address.url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: ANSWER_MS,
    retryStrategy: (times) => (isOpen ? Math.min(RETRY_MS, 50 * 2 ** times) : null),
  });
  client.on('error', (error: Error) => void (problem ??= error));
  client.on('close', () => {
    if (isOpen && !isLost && client.status !== 'end') {
      isLost = true;
      note?.(`Redis at ${address.shown} can't be reached; waits for it`);
    }
  });
  client.on('ready', () => {
    if (isLost) note?.(`Redis at ${address.shown} is there again`);
    isLost = false;
  });
  try {
    await client.connect();
    await client.ping();
    if (problem !== undefined) throw problem;
  } catch (error) {
    client.disconnect();
    throw refusal(address, problem ?? error);
  }
  isOpen = true;
  return client;
}

/** Redis can't be reached, or doesn't let one in. */
class RefusedError extends UserError {
  /** Whether it is there, and asks for another password. */
  readonly isAccess: boolean;

  constructor(message: string, isAccess: boolean, options: ErrorOptions) {
    super(message, options);
    this.isAccess = isAccess;
  }
}

function refusal(address: QueueAddress, cause: unknown): RefusedError {
  const said = withoutPassword(cause instanceof Error ? cause.message : String(cause), address);
  const { shown } = address;
  const isAccess = /NOAUTH|WRONGPASS|NOPERM|invalid password|without any password/i.test(said);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = said === '' ? code : said; // of several addresses, each refused, the message is empty
  return new RefusedError(
    isAccess
      ? `Redis at ${shown} doesn't let us in: ${why}; put user and password into the URL, as in redis://user:password@host`
      : `Redis at ${shown} can't be reached: ${why}; start it, or correct the URL`,
    isAccess,
    { cause: new Error(said) }, // the error itself may hold what was sent
  );
}

/** The oldest Redis with all that is asked of it. */
const OLDEST = [6, 2];

/**
 * What is to be said of a Redis: that it may drop trials where memory runs out, or on a crash.
 *
 * @returns lines of warning
 * @throws UserError when it is too old
 */
export async function checkServer(
  client: Pick<Redis, 'info'>,
  { shown }: QueueAddress,
): Promise<string[]> {
  const about = parseInfo(await client.info());
  const version = about.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new UserError(
      `Redis at ${shown} must be of version ${OLDEST.join('.')} or newer; it is ${version || 'of none that it names'}`,
    );
  }
  const warnings: string[] = [];
  const policy = about.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    warnings.push(
      `Redis at ${shown} drops keys where its memory is full (maxmemory-policy ${policy}), trials among them; CONFIG SET maxmemory-policy noeviction`,
    );
  }
  if (about.get('aof_enabled') === '0') {
    warnings.push(
      `Redis at ${shown} keeps no append-only file, so that a restart may lose checkpoints, whose trials then begin again; CONFIG SET appendonly yes`,
    );
  }
  return warnings;
}

const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split('\n')
      .map((line) => line.trim().split(':', 2))
      .filter((pair): pair is [string, string] => pair.length === 2),
  );
