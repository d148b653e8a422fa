import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import type { Problem } from '../../protocol.js';
import { FileButton } from '../../parts/file-button.js';
import { run } from '../../state/runs.js';
import { did, pasted } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import type { CodecMethod, CompressOutput, Done } from '../../use-requests.js';
import { CodecSizes } from './codec-sizes.js';
import { download } from '../../parts/download.js';
import { ProblemText, Progress } from './fields.js';
import { problemOf } from './follow.js';
import { HeldOutButton } from './held-out-button.js';
import { type HeldModel, type Helper, useHelper } from './helper.js';
import { OpenCompressed } from './open-compressed.js';

const METHODS = ['model', 'mix', 'text'] as const;

/** A file that was compressed, and by which model. */
interface Made {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipBytes: number | undefined;
  readonly compressed: CompressOutput;
  readonly model: HeldModel | undefined;
}

/** Text in as few bytes as the model predicts it in, against gzip; and back. */
export function CodecPart() {
  const words = t.use.compress;
  const helper = useHelper();
  const file = useSignal<File | undefined>(undefined);
  const method = useSignal<CodecMethod>('model');
  const work = useSignal<Work | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const made = useSignal<Made | undefined>(undefined);
  const same = useSignal<boolean | undefined>(undefined);
  const attempt = async (
    label: string,
    act: (onProgress: (done: Done) => void) => Promise<void>,
  ): Promise<void> => {
    if (work.value !== undefined) return;
    work.value = { label };
    problem.value = undefined;
    same.value = undefined;
    try {
      await act((done) => {
        work.value = { label, done };
      });
    } catch (error) {
      if (work.value !== undefined) problem.value = problemOf(error);
    }
    work.value = undefined;
  };
  const compress = (onProgress: (done: Done) => void): Promise<void> =>
    make({ helper, file: file.value, method: method.value, onProgress }).then((result) => {
      made.value = result;
      did('compressed');
    });
  const goBack = async (onProgress: (done: Done) => void): Promise<void> => {
    if (made.value === undefined) return;
    const { compressed, model, bytes } = made.value;
    if (model !== undefined) await helper.open(model.bytes);
    const back = await helper.ask('decompress', { bytes: compressed.bytes }, { onProgress });
    same.value = isSame(back.bytes, bytes);
    did('decompressed');
  };
  const change = (text: string): void => {
    pasted.value = text;
    file.value = undefined;
  };
  const { value: result } = made;
  return (
    <>
      <p class="quiet">{words.help}</p>
      <label class="wide">
        {words.text}
        <textarea
          rows={5}
          value={pasted.value}
          spellcheck={false}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      </label>
      <div class="row">
        <FileButton
          title={words.pick}
          onPick={(picked) => {
            file.value = picked;
          }}
        />
        <HeldOutButton onTake={change} />
        {file.value !== undefined && <span>{words.picked(file.value.name)}</span>}
      </div>
      <fieldset>
        <legend>{words.method}</legend>
        {METHODS.map((name) => (
          <label key={name} class="choice">
            <input
              type="radio"
              name="method"
              checked={method.value === name}
              onChange={() => {
                method.value = name;
              }}
            />
            {words.methods[name]}
          </label>
        ))}
      </fieldset>
      <div class="row">
        <button
          type="button"
          class="main"
          aria-disabled={work.value !== undefined}
          onClick={() => void attempt(words.working, compress)}
        >
          {words.start}
        </button>
        {work.value !== undefined && (
          <Progress
            label={work.value.label}
            done={work.value.done}
            onCancel={() => {
              work.value = undefined;
              helper.end();
            }}
          />
        )}
      </div>
      <ProblemText problem={problem.value} />
      {result !== undefined && (
        <section class="made">
          <h2>
            {words.headline(
              format.whole(result.compressed.bytes.length),
              format.whole(result.bytes.length),
            )}
          </h2>
          <CodecSizes
            plainBytes={result.bytes.length}
            gzipBytes={result.gzipBytes}
            modelBytes={result.model?.bytes.length}
            compressed={result.compressed}
          />
          {result.model !== undefined && (
            <p class="quiet">{t.use.atStep(format.whole(result.model.step))}</p>
          )}
          <div class="row">
            <button type="button" onClick={() => void attempt(words.reading, goBack)}>
              {words.back}
            </button>
            <button
              type="button"
              onClick={() => download(result.compressed.bytes, `${result.name}.l101`)}
            >
              {words.download}
            </button>
            {result.model !== undefined && <DownloadModel model={result.model} />}
          </div>
          <p role="status">
            {same.value === true && words.same(format.whole(result.bytes.length))}
            {same.value === false && words.different}
          </p>
          <Command name={result.name} isByModel={result.model !== undefined} />
        </section>
      )}
      <OpenCompressed helper={helper} modelOfLast={result?.model} attempt={attempt} />
      {run.value === undefined && <p class="quiet">{t.use.noRun}</p>}
    </>
  );
}

/** What is being done. */
interface Work {
  readonly label: string;
  readonly done?: Done;
}

function DownloadModel({ model }: { readonly model: HeldModel }) {
  return (
    <button type="button" onClick={() => download(model.bytes, 'model.safetensors')}>
      {t.use.compress.downloadModel}
    </button>
  );
}

function Command({ name, isByModel }: { readonly name: string; readonly isByModel: boolean }) {
  const model = isByModel ? ' --model RUN' : '';
  return (
    <div class="command">
      <p class="quiet">{t.use.compress.command}</p>
      <code>{`llm101 decompress ${name}.l101${model} -o ${name}`}</code>
    </div>
  );
}

/** What is to be compressed, and how. */
interface MakeOptions {
  readonly helper: Helper;
  /** Instead of the text that was pasted. */
  readonly file: File | undefined;
  readonly method: CodecMethod;
  readonly onProgress: (done: Done) => void;
}

async function make({ helper, file, method, onProgress }: MakeOptions): Promise<Made> {
  const blob = file ?? new Blob([pasted.value]);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (method !== 'text' && run.value === undefined) throw new Error(t.use.noRun);
  const model =
    method === 'text' || run.value === undefined ? undefined : await helper.takeFrom(run.value);
  const compressed = await helper.ask('compress', { bytes, method }, { onProgress });
  const gzipBytes = await gzipSize(blob);
  return { name: file?.name ?? 'text.txt', bytes, gzipBytes, compressed, model };
}

/** What this browser's own gzip needs; nothing where it has none. */
async function gzipSize(blob: Blob): Promise<number | undefined> {
  if (typeof CompressionStream === 'undefined') return undefined;
  const stream = blob.stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
