import { checkRange, hashTokens, type TokenBuffer, type TokenSource } from './token-source.js';

/**
 * Stretches of a source, one after the other, as a source of their own: nothing is copied.
 *
 * @param spans - pairs of a start and an end, ascending
 */
export function tokenSpans(tokens: TokenSource, spans: readonly number[]): TokenSource {
  const starts = new Float64Array(spans.length / 2);
  const places = new Float64Array(starts.length + 1);
  for (let i = 0; i < starts.length; i++) {
    starts[i] = spans[2 * i];
    places[i + 1] = places[i] + spans[2 * i + 1] - starts[i];
  }
  return new TokenSpans({ tokens, starts, places }, 0, places[starts.length]);
}

/** Where the stretches are: `[S]` in the source, and `[S + 1]` in what they make. */
interface Spans {
  readonly tokens: TokenSource;
  readonly starts: Float64Array;
  readonly places: Float64Array;
}

class TokenSpans implements TokenSource {
  readonly length: number;
  readonly #spans: Spans;
  readonly #start: number;

  constructor(spans: Spans, start: number, length: number) {
    this.#spans = spans;
    this.#start = start;
    this.length = length;
  }

  copy(start: number, count: number, into: TokenBuffer, at: number): void {
    checkRange('TokenSource.copy', [start, start + count], this.length);
    const { tokens, starts, places } = this.#spans;
    const end = this.#start + start + count;
    let from = this.#start + start;
    for (let span = lastAt(places, from); from < end; span++) {
      const next = Math.min(end, places[span + 1]);
      tokens.copy(starts[span] + from - places[span], next - from, into, at + count - (end - from));
      from = next;
    }
  }

  slice(start: number, end: number): TokenSource {
    checkRange('TokenSource.slice', [start, end], this.length);
    return new TokenSpans(this.#spans, this.#start + start, end - start);
  }

  hash(): string {
    return hashTokens(this);
  }
}

/** The last index whose value is at most `place`, by bisection. */
function lastAt(places: Float64Array, place: number): number {
  let [low, high] = [0, places.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (places[middle] <= place) low = middle;
    else high = middle;
  }
  return low;
}
