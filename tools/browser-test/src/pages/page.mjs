import { work } from './tasks.mjs';

/** @import { Task } from './tasks.mjs' */

/** @type {Worker | undefined} */
let worker;

/** What the test calls. */
Object.assign(globalThis, {
  onPage: work,
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
