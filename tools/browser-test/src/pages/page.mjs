import { work } from './tasks.mjs';

/** @import { Task } from './tasks.mjs' */

/** @type {Worker | undefined} */
let worker;

/** What the test calls. */
Object.assign(globalThis, {
  onPage: work,
  /**
   * Does a task on the page, and watches it.
   *
   * @param {Task} task
   * @returns {Promise<{ frames: number, held: number }>} how many it draws a second, and how much of the time nothing else ran for
   *   longer than 40 ms, from 0 to 1
   */
  async watched(task) {
    const start = performance.now();
    let [last, frames, heldMs, isDone] = [start, 0, 0, false];
    const { port1, port2 } = new MessageChannel();
    const tick = () => {
      const now = performance.now();
      if (now - last > 40) heldMs += now - last;
      last = now;
      if (!isDone) port2.postMessage(undefined);
    };
    port1.addEventListener('message', tick);
    port1.start();
    const frame = () => {
      frames += 1;
      if (!isDone) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    tick();
    await work(task);
    isDone = true;
    const elapsedMs = performance.now() - start;
    return { frames: (frames / elapsedMs) * 1000, held: heldMs / elapsedMs };
  },
  /** @param {Task} task */
  inWorker(task) {
    worker ??= new Worker(new URL('worker.mjs', import.meta.url), { type: 'module' });
    const answering = worker;
    return new Promise((resolve, reject) => {
      answering.addEventListener('error', ({ message }) => reject(new Error(message)), {
        once: true,
      });
      answering.addEventListener(
        'message',
        ({ data }) => ('result' in data ? resolve(data.result) : reject(new Error(data.error))),
        { once: true },
      );
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      answering.postMessage(task);
    });
  },
});
document.title = 'ready';
