import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as wandb from '@llm101/wandb';
import { mutateBytes, mutateText, pick } from './mutate.mjs';

/** @import { Target } from './targets.mjs' */

const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const textOf = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);

const ANSWER = JSON.stringify({
  data: {
    upsertBucket: {
      bucket: { name: 'id', displayName: 'x', project: { name: 'p', entity: { name: 'e' } } },
    },
    createRunFiles: {
      runID: 'b',
      uploadHeaders: ['X-Kind: file'],
      files: [
        { name: 'wandb-metadata.json', uploadUrl: 'http://127.0.0.1/upload?sig=1' },
        { name: 'config.yaml', uploadUrl: '/upload' },
      ],
    },
  },
  errors: [{ message: 'no' }],
});

/** A server that knows no key. */
const refuse = async () => new Response('', { status: 401 });

/** What a server of W&B answers. @param {string} folder @returns {Target} */
export function wandbTarget(folder) {
  const kept = keptRun(join(folder, 'wandb'));
  return {
    name: 'answers of W&B',
    input(random) {
      const headers = pick(random, ['', 'Retry-After: 0', 'Retry-After: 1e99', 'Location: //x']);
      const status = pick(random, [200, 200, 200, 200, 204, 302, 401, 404, 429, 500]);
      return utf8(`${status}\n${headers}\n${mutateText(ANSWER, random)}`);
    },
    async read(input) {
      const [status, header, ...body] = textOf(input).split('\n');
      const [name, value] = header.split(': ');
      const answer = async () =>
        new Response(status === '204' ? null : body.join('\n'), {
          status: Number(status),
          headers: value === undefined ? {} : { [name]: value },
        });
      await withFetch(answer, () => {
        writeFileSync(join(kept, 'state.json'), '{"exitCode":0}');
        return wandb.syncRun(kept, {
          apiKey: 'k'.repeat(40),
          baseUrl: 'http://127.0.0.1',
          timings: TIMINGS,
        });
      });
    },
    refuses: [wandb.WandbError],
  };
}

const TIMINGS = { retryMs: 0.01, longestRetryMs: 0.1 };

/** The user's file of keys. @param {string} folder @returns {Target} */
export function netrcTarget(folder) {
  const kept = keptRun(join(folder, 'netrc-run'));
  const path = join(folder, 'netrc');
  const text =
    'machine 127.0.0.1 login user password KEY\nmacdef m\n x\n\ndefault password "a\\"b"\n';
  return {
    name: 'netrc',
    input: (random) => mutateBytes(utf8(text), random),
    async read(input) {
      writeFileSync(path, input);
      process.env['NETRC'] = path;
      delete process.env['WANDB_API_KEY'];
      await withFetch(refuse, () =>
        wandb.syncRun(kept, { baseUrl: 'http://127.0.0.1', timings: TIMINGS }),
      ).catch((error) => {
        // no key in it
        if (!(error instanceof RangeError && error.message.startsWith('wandb: WANDB_API_KEY')))
          throw error;
      });
    },
    refuses: [wandb.WandbError],
  };
}

/** @param {string} folder */
function keptRun(folder) {
  const run = wandb.init({ folder, mode: 'offline' });
  run.log({ loss: 1 });
  void run.finish();
  return folder;
}

/**
 * @template Value
 * @param {() => Promise<Response>} answer
 * @param {() => Promise<Value>} work
 */
async function withFetch(answer, work) {
  const { fetch } = globalThis;
  globalThis.fetch = answer;
  try {
    return await work();
  } finally {
    globalThis.fetch = fetch;
  }
}
