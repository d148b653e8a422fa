import { UsageError } from '@llm101/runs';

/** A Redis, by its URL. */
export interface QueueAddress {
  /** As it is connected to: it may hold a password. */
  readonly url: string;
  /** What may be printed: host and port, and the database where one is named. */
  readonly shown: string;
  /** Whether the URL holds a password. */
  readonly isSecret: boolean;
}

/**
 * The address of a Redis: `redis://[user[:password]@]host[:port][/database]`, by TLS with `rediss://`.
 *
 * @param written - the URL
 * @param name - what an error calls it, `--queue`
 * @throws UsageError when it is another URL; the error holds nothing of user and password
 */
export function parseQueueUrl(written: string, name = 'the URL of a queue'): QueueAddress {
  let url: URL | undefined;
  try {
    url = new URL(written);
  } catch {
    // said below, without what was written, which may hold a password
  }
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  const database = url?.pathname.replace(/^\//, '') ?? '';
  if (url === undefined || !isRedis || url.hostname === '') {
    throw new UsageError(
      `${name} must be redis://host:6379, or rediss:// for TLS, with user:password@ before the host where it needs these; got ${
        url === undefined || isRedis ? 'something else' : `a URL of ${url.protocol}`
      }`,
    );
  }
  if (!/^\d{0,5}$/.test(database) || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      `${name} must end after the host, its port or the number of a database, redis://host:6379/2; it has more than that`,
    );
  }
  const shown = `${url.protocol}//${url.hostname}:${url.port || '6379'}${database && `/${database}`}`;
  return { url: written, shown, isSecret: url.password !== '' || url.username !== '' };
}

/** A message without a password that it may quote. */
export function withoutPassword(message: string, { url }: QueueAddress): string {
  const { password, username } = new URL(url);
  const secrets = [url, password, decoded(password), ...(password === '' ? [] : [username])];
  return secrets
    .filter((secret) => secret.length > 0)
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), message);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
