import { fieldOf } from './answers.js';
import { WandbError } from './wandb-error.js';

/** Where a file is sent, as the server says. */
export interface UploadTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it is the server's own address, which wants the key. */
  readonly isOwn: boolean;
}

/** Headers that a server may ask for, and characters of each. */
const MOST = { headers: 20, characters: 4000 } as const;

/** Headers that say who we are, or where a message ends, are ours. */
const OURS =
  /^(?:authorization|cookie|host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer|proxy-.*)$/i;

/**
 * @param node - of an answer, with `uploadUrl` and `uploadHeaders`
 * @param headers - those of all files, where the answer has them together
 * @throws WandbError unless the address is one of https, or as safe as that of the server, without user and password
 */
export function parseUploadTarget(
  node: unknown,
  baseUrl: string,
  headers: unknown = fieldOf(node, 'uploadHeaders'),
): UploadTarget {
  const address = fieldOf(node, 'uploadUrl');
  const base = new URL(baseUrl);
  const url =
    typeof address === 'string' && URL.canParse(address, base) ? new URL(address, base) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && base.protocol === 'http:');
  if (url === undefined || !isSafe || url.username !== '' || url.password !== '') {
    throw new WandbError(
      `the answer must have the address for a file, of ${base.protocol === 'https:' ? 'https' : 'http(s)'}, without a password`,
      { isPassing: false },
    );
  }
  return {
    url: url.href,
    headers: parseHeaders(headers),
    isOwn: typeof address === 'string' && address.startsWith('/') && url.origin === base.origin,
  };
}

/** A list of `name:value`. */
function parseHeaders(headers: unknown): Record<string, string> {
  const lines: unknown[] = Array.isArray(headers) ? headers.slice(0, MOST.headers) : [];
  const pairs = lines.flatMap((line) => {
    const [, name, value] =
      typeof line === 'string' && line.length <= MOST.characters
        ? (/^([\w!#$%&'*+.^`|~-]+)\s*:\s*([\x20-\x7E]*)$/.exec(line) ?? [])
        : [];
    return name === undefined || OURS.test(name) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}
