/** A hash of bytes that come one after the other. */
export interface Hasher {
  /** Takes more bytes. */
  update(bytes: Uint8Array): void;
  /** The hash of all bytes, in lower-case hex. */
  hex(): string;
}

/**
 * SHA-256 of bytes that come one after the other, which Web Crypto can't do.
 *
 * Source: FIPS 180-4, "Secure Hash Standard", https://doi.org/10.6028/NIST.FIPS.180-4
 */
export class Sha256 implements Hasher {
  readonly #state = constants().initial.slice();
  readonly #block = new Uint8Array(64);
  #length = 0;

  /** Takes more bytes. */
  update(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const used = this.#length % 64;
      const part = bytes.subarray(at, at + 64 - used);
      if (part.length === 64) compress(this.#state, bytes, at);
      else {
        this.#block.set(part, used);
        if (used + part.length === 64) compress(this.#state, this.#block, 0);
      }
      at += part.length;
      this.#length += part.length;
    }
  }

  hex(): string {
    const bytes = this.#length;
    const end = new Uint8Array(((bytes + 9 + 63) & ~63) - bytes);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bytes / 2 ** 29));
    view.setUint32(end.length - 4, bytes << 3);
    this.update(end);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

const words = new Int32Array(64);

/** Takes in the block of 64 bytes at `at`. */
function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  const { round } = constants();
  for (let i = 0; i < 16; i++) {
    const b = at + 4 * i;
    words[i] = (bytes[b] << 24) | (bytes[b + 1] << 16) | (bytes[b + 2] << 8) | bytes[b + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15];
    const y = words[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
  }
  // Assigned one by one, as taking an array apart is ten times as slow.
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + round[i] + words[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** The first 32 bits of the fractions of the primes' roots: of the cube roots of 64, of the square roots of 8. */
interface Constants {
  readonly round: Int32Array;
  readonly initial: Int32Array;
}

let known: Constants | undefined;

/** Computed when the first text is hashed: it takes a millisecond. */
function constants(): Constants {
  if (known !== undefined) return known;
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  const round = Int32Array.from(primes, (p) => fraction(p, 3n));
  const initial = Int32Array.from(primes.slice(0, 8), (p) => fraction(p, 2n));
  return (known = { round, initial });
}

/** `frac(p^(1/root)) * 2^32`, by whole numbers, as `Math.cbrt` differs between engines. */
function fraction(p: number, root: bigint): number {
  const target = BigInt(p) << (32n * root);
  let low = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) {
    if ((low + bit) ** root <= target) low += bit;
  }
  return Number(BigInt.asIntN(32, low));
}
