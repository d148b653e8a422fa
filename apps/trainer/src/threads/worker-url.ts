/** The worker's entry; both are beside each other in `dist`. */
export const WORKER = new URL('worker.js', import.meta.url);
