import type { Redis } from 'ioredis';
import { UserError } from '@llm101/runs';
import { bufferOf } from './buffer-of.js';
import { KEPT_SECONDS, type QueueKeys } from './keys.js';
import { TEXT_BYTES } from './options.js';
import { HOLD_TEXT, LET_TEXT, run } from './scripts.js';

/** How often what a sweep needs is kept for longer. */
const RENEW_MS = 3_600_000;

interface TextsOptions {
  readonly client: Redis;
  readonly keys: QueueKeys;
  readonly sweep: string;
}

/** Texts that a sweep has in Redis, each as long as one sweep needs it: beside it is a set of these. */
export class Texts {
  readonly #options: TextsOptions;
  readonly #reads = new Map<string, () => Uint8Array>();
  #renewedMs = performance.now();

  constructor(options: TextsOptions) {
    this.#options = options;
  }

  /** @throws UserError when it is too large */
  async put(sha256: string, read: () => Uint8Array): Promise<void> {
    this.#reads.set(sha256, read);
    const { client, sweep } = this.#options;
    const keys = this.#keysOf(sha256);
    if ((await run(client, HOLD_TEXT, keys, [KEPT_SECONDS, sweep])) === 1) return;
    const text = read();
    if (text.byteLength > TEXT_BYTES) {
      throw new UserError(
        `a text of ${(text.byteLength / 1e6).toFixed(1)} MB doesn't go through the queue, which takes ${(TEXT_BYTES / 1e6).toFixed(1)} MB`,
      );
    }
    await client.set(keys[0], bufferOf(text), 'EX', KEPT_SECONDS);
  }

  /** Puts those again that Redis has lost, and has it keep the others for longer. */
  async putAgain(): Promise<void> {
    for (const [sha256, read] of this.#reads) await this.put(sha256, read);
    this.#renewedMs = performance.now();
  }

  /** Has Redis keep them for longer, where it is time for that. */
  async renew(): Promise<void> {
    if (performance.now() - this.#renewedMs > RENEW_MS) await this.putAgain();
  }

  /** Deletes those that no other sweep needs. */
  async remove(): Promise<void> {
    const { client, sweep } = this.#options;
    for (const sha256 of this.#reads.keys()) {
      await run(client, LET_TEXT, this.#keysOf(sha256), [sweep]);
    }
  }

  #keysOf(sha256: string): [text: string, sweeps: string] {
    const { keys } = this.#options;
    return [keys.text(sha256), keys.sweepsOf(sha256)];
  }
}
