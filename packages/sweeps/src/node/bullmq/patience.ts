import { setTimeout } from 'node:timers/promises';
import { type QueueAddress, withoutPassword } from './address.js';

/** Answers of a Redis that is there, and takes nothing for now: it is full, is starting, or writes can't be kept. A script's has them within. */
const FOR_NOW =
  /(?:^|[\s-])(?:OOM|LOADING|BUSY|MASTERDOWN|READONLY|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN)\s/;
const RETRY_FIRST_MS = 250;
/** Between two tries, at most. */
const RETRY_MS = 5000;
/** For how long the same is said once. */
const SAID_MS = 60_000;

/** Whether a Redis answered by it, so that it has done nothing. */
export const isReply = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError';

/** Whether a Redis answered by it, or was left: it says nothing of a trial. */
export const isOfRedis = (error: unknown): boolean => isReply(error) || isLeft(error);

const isForNow = (error: unknown): error is Error => isReply(error) && FOR_NOW.test(error.message);

const isLeft = (error: unknown): boolean =>
  error instanceof Error && /^Connection is closed|^Command aborted/.test(error.message);

const isOfConnection = (error: unknown): boolean =>
  isLeft(error) ||
  (error instanceof Error &&
    'code' in error &&
    /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|NR_CLOSED)/.test(String(error.code)));

/** What was asked of a Redis wasn't taken until one was asked to stop. */
export class WaitEndedError extends Error {
  override readonly name = 'WaitEndedError';
}

/** Waits for a Redis that takes nothing for now, and says what can be done about it. */
export class Patience {
  readonly #address: QueueAddress;
  readonly #note: ((line: string) => void) | undefined;
  /** When what was said. */
  readonly #said = new Map<string, number>();

  constructor(address: QueueAddress, note: ((line: string) => void) | undefined) {
    this.#address = address;
    this.#note = note;
  }

  /**
   * Asks until it is taken.
   *
   * @param command - asks once; it may be called again
   * @param signal - ends the waiting, and not what was asked already
   * @throws WaitEndedError when the signal has come
   * @throws what else `command` throws
   */
  async ask<T>(command: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await command();
      } catch (error) {
        if (!isForNow(error)) throw error;
        this.tell(error);
        const ms = Math.min(RETRY_MS, RETRY_FIRST_MS * 2 ** tries);
        await setTimeout(ms, undefined, { signal }).catch(() => {});
        if (signal.aborted) throw new WaitEndedError(this.#describe(error));
      }
    }
  }

  /** Says an error that doesn't end anything; one of the connection is said where that is lost. */
  tell(error: unknown): void {
    if (isOfConnection(error)) return;
    const line = this.#describe(error);
    const nowMs = performance.now();
    if (nowMs - (this.#said.get(line) ?? -Infinity) < SAID_MS) return;
    this.#said.set(line, nowMs);
    this.#note?.(line);
  }

  #describe(error: unknown): string {
    const { shown } = this.#address;
    const said = error instanceof Error ? error.message : String(error);
    if (isForNow(error) && said.includes('OOM')) {
      return `Redis at ${shown} is full; raise its maxmemory, as by CONFIG SET maxmemory 4gb, or have files go through --shared; waits until it takes more`;
    }
    const message = withoutPassword(said, this.#address);
    return isForNow(error)
      ? `Redis at ${shown} takes nothing for now: ${message}; waits until it does`
      : `Redis at ${shown} has answered ${message}; tries again`;
  }
}
