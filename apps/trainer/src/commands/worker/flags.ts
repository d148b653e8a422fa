import { type Command, Option } from 'commander';
import { type ExitWith, notEmpty, parseNumber } from '../../terminal/options.js';
import { addOutputFlags, makeOutput } from '../../terminal/output.js';
import { untilStopped } from '../../terminal/stop-signal.js';
import type { WorkerFlags } from './worker.js';

export function addWorker(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('worker')
    .summary('do trials of sweeps that are on a queue')
    .description(
      'Does trials that llm101 sweep --queue has put on a queue, on this or any other machine, until it is stopped. A trial of a worker that ' +
        'is gone goes on at another from its last checkpoint. It needs bullmq and ioredis beside llm101: npm install bullmq ioredis.',
    );
  for (const option of [queueOption(), ...OPTIONS, sharedOption()]) {
    command.addOption(option.helpGroup('Queue:'));
  }
  addOutputFlags(command).action(async ({ quiet, json, ...flags }: WorkerFlags) => {
    const output = makeOutput({ quiet, json });
    const { workerCommand } = await import('./worker.js');
    exitWith(await untilStopped((stop) => workerCommand({ ...flags, output, stop }), output));
  });
}

/** `--queue` */
export const queueOption = (): Option =>
  new Option(
    '--queue <url>',
    'a Redis that has the trials: redis://host, or rediss://user:password@host; with a password better by LLM101_QUEUE',
  ).argParser(notEmpty('the URL of a Redis'));

/** `--shared` */
export const sharedOption = (): Option =>
  new Option(
    '--shared <folder>',
    'a folder that home and all workers have, through which files go (default: they go through Redis, up to 64 MB each)',
  ).argParser(notEmpty('the path of a folder'));

const OPTIONS: readonly Option[] = [
  new Option('--concurrency <n>', 'trials at a time (default: as many as cores)').argParser(
    parseNumber,
  ),
  new Option(
    '--texts <folder>',
    'texts, found by their SHA-256 (default: those that the queue has)',
  ).argParser(notEmpty('the path of a folder')),
  new Option('--drain', 'end once the queue is empty'),
  new Option(
    '--checkpoint-seconds <n>',
    'how often a new checkpoint is sent (default: 10)',
  ).argParser(parseNumber),
  new Option(
    '--lock-seconds <n>',
    "for how long a worker that isn't heard of keeps its trials (default: 30)",
  ).argParser(parseNumber),
];
