import type { FromWorker } from '../protocol.js';

/** Tells the page something. */
export function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  globalThis.postMessage(message, { transfer });
}
