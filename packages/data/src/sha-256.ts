import { DataError } from './data-error.js';

/**
 * SHA-256 in lower-case hex, what `sha256sum` prints.
 *
 * @throws DataError in a page served over plain http, where browsers withhold Web Crypto
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // The types know no page without Web Crypto.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new DataError('sha256: no Web Crypto here; serve the page over https or from localhost');
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
