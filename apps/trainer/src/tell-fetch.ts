import { oneLine } from './one-line.js';

/** Says on stderr what is being fetched, as it may take a while. */
export function tellFetch(url: string): void {
  process.stderr.write(`fetching ${oneLine(url)}\n`);
}
