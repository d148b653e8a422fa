import { parseQueueUrl } from './address.js';
import { checkServer, connect } from './connection.js';
import { loadEngine } from './engine.js';
import { Home } from './home.js';
import { isSweepId, QueueKeys } from './keys.js';
import type { QueueHome, QueueHomeOptions } from './options.js';

/**
 * Connects to a queue, to give out the trials of a sweep. Each result comes once, however often its job was taken over, and whatever happened
 * to this process: a job that is in the queue already is found there, and so is one that was done meanwhile.
 *
 * @throws UserError when Redis can't be reached, doesn't let one in, or is too old, or bullmq isn't installed
 */
export async function openQueueHome(options: QueueHomeOptions): Promise<QueueHome> {
  if (!isSweepId(options.sweep)) {
    throw new RangeError(
      `the name of a sweep in a queue must be lower-case letters, digits and dashes; got ${JSON.stringify(options.sweep)}`,
    );
  }
  const address = parseQueueUrl(options.url);
  const engine = loadEngine();
  const client = await connect(address, engine, { note: options.note });
  try {
    for (const line of await checkServer(client, address)) options.note?.(line);
    const reader = await connect(address, engine);
    const keys = new QueueKeys(options.name);
    const queue = new engine.Queue(keys.queue, {
      connection: client,
      prefix: keys.prefix,
      streams: { events: { maxLen: 1000 } },
    });
    queue.on('error', () => {}); // the connection says what there is to say
    return new Home(options, { address, client, reader, queue, keys });
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

/**
 * Tries whether a queue can be connected to.
 *
 * @throws UserError when Redis can't be reached, doesn't let one in, or is too old, or bullmq isn't installed
 */
export async function checkQueue({ url }: Pick<QueueHomeOptions, 'url'>): Promise<void> {
  const address = parseQueueUrl(url);
  const client = await connect(address, loadEngine());
  try {
    await checkServer(client, address);
  } finally {
    client.disconnect();
  }
}
