import type { QueueAddress } from '@llm101/sweeps/bullmq';

/** Takes a queue's password out of what other processes see: the command line of this one, and the environment of those that it starts. */
export function hideQueue({ isSecret }: QueueAddress): void {
  delete process.env['LLM101_QUEUE'];
  if (isSecret) process.title = 'llm101';
}
