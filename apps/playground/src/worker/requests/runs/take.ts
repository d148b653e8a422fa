import { exportCheckpoint, describeError } from '@llm101/training';
import { fingerprintOf, readModel, type Run, runFolderFiles, UserError } from '@llm101/runs';
import type { RunRequests, Taking } from '../../../run-requests.js';
import type { RunHome } from '../../run-home.js';
import type { Answer, Job } from '../handler.js';

declare const LLM101_VERSION: string;

/** What makes a file of a run, and how the file's name ends. */
type Writer = (run: Run, home: RunHome, name: string) => Promise<Uint8Array<ArrayBuffer>>;

const writers: Readonly<Record<Taking, { readonly ending: string; readonly write: Writer }>> = {
  folder: {
    ending: '.zip',
    async write(run, home, name) {
      const { pack } = await import('./archive.js');
      return pack(name, await filesOf(run, home));
    },
  },
  checkpoint: { ending: '', write: async (_, home) => (await checkpointOf(home)).bytes },
  model: { ending: '.safetensors', write: async (run) => run.save() },
  metrics: {
    ending: '.jsonl',
    write: async (_, { logs }) => new TextEncoder().encode(logs.texts().metrics),
  },
  safetensors: {
    ending: '-pytorch.safetensors',
    write: async (run) => (await import('@llm101/export')).exportSafetensors(modelOf(run)),
  },
  onnx: {
    ending: '.onnx',
    write: async (run) => (await import('@llm101/export')).exportOnnx(modelOf(run)),
  },
  gguf: {
    ending: '.gguf',
    write: async (run, _, name) => (await import('@llm101/export')).exportGguf(modelOf(run), name),
  },
  'hugging-face': {
    ending: '-hf.zip',
    async write(run, _, name) {
      const { exportHuggingFace } = await import('@llm101/export');
      const { pack } = await import('./archive.js');
      const files = Object.entries(exportHuggingFace(modelOf(run)));
      return pack(`${name}-hf`, new Map(files.map(([path, file]) => [path, bytesOf(file)])));
    },
  },
  report: {
    ending: '.html',
    async write(run, { logs }, name) {
      const { report } = await import('./report.js');
      return report(run, logs.texts(), name);
    },
  },
  page: {
    ending: '-page.html',
    async write(run, _, name) {
      const page = await modelPage();
      return (await import('@llm101/export')).exportHtml(run.save(), { page, name });
    },
  },
};

/** A file of the run as it is between two steps. */
export async function take(
  { what, name }: RunRequests['take']['input'],
  run: Run | undefined,
  { home }: Job<never>,
): Promise<Answer<RunRequests['take']['output']>> {
  if (run === undefined || home === undefined) {
    throw new UserError('the run has nothing to take yet; wait until it begins');
  }
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-') || 'run';
  const { ending, write } = writers[what];
  const bytes = await write(run, home, plain);
  const file = what === 'checkpoint' ? (await checkpointOf(home)).name : `${plain}${ending}`;
  return { output: { name: file, bytes }, transfer: [bytes.buffer] };
}

/** The files of the run's folder, with a checkpoint of this very step. */
async function filesOf(run: Run, home: RunHome): Promise<ReturnType<typeof runFolderFiles>> {
  const { text, basis } = home.request;
  await home.keep();
  return runFolderFiles({
    settings: run.settings,
    versions: { llm101: LLM101_VERSION },
    checkpoint: await exportCheckpoint(home.store),
    text: text && new Uint8Array(await text.file.arrayBuffer()),
    logs: home.logs.texts(),
    model: run.save(),
    fingerprint: fingerprintOf(run),
    tokenizer: run.data.tokenizer,
    initial: basis?.initial?.file,
  });
}

async function checkpointOf({
  keep,
  store,
}: RunHome): Promise<NonNullable<Awaited<ReturnType<typeof exportCheckpoint>>>> {
  await keep();
  const found = await exportCheckpoint(store);
  if (found === undefined) throw new UserError('the run has no checkpoint yet; let it train first');
  return found;
}

/** What only that page has. */
const MODEL_PAGE = '%llm101:model%';

/** The page that a model is put into; it lies beside this one, and is fetched once it is asked for. */
async function modelPage(): Promise<string> {
  try {
    const response = await fetch(new URL(/* @vite-ignore */ '../model-page.html', import.meta.url));
    if (!response.ok) throw new Error(`the answer is ${response.status}`);
    const page = await response.text();
    if (page.includes(MODEL_PAGE)) return page;
    throw new Error('the answer is another page');
  } catch (cause) {
    const why = describeError(cause);
    throw new UserError(
      `the page for a model can't be loaded: ${why}; be online, or open the built page`,
      { cause },
    );
  }
}

const modelOf = (run: Run): ReturnType<typeof readModel> => readModel(run.save());

const bytesOf = (file: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  typeof file === 'string' ? new TextEncoder().encode(file) : file;
