import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { FileButton } from '../../parts/file-button.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import type { Done } from '../../use-requests.js';
import { download } from '../../parts/download.js';
import type { HeldModel, Helper } from './helper.js';

/** Properties of {@link OpenCompressed}. */
interface OpenCompressedProps {
  readonly helper: Helper;
  /** The model of what was compressed last here. */
  readonly modelOfLast: HeldModel | undefined;
  /** Does some work that can be cancelled, one at a time. */
  readonly attempt: (
    label: string,
    act: (onProgress: (done: Done) => void) => Promise<void>,
  ) => Promise<void>;
}

/** What a compressed file held. */
interface Opened {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Gets back what the page or the command has compressed. */
export function OpenCompressed({ helper, modelOfLast, attempt }: OpenCompressedProps) {
  const words = t.use.compress;
  const model = useSignal<File | undefined>(undefined);
  const opened = useSignal<Opened | undefined>(undefined);
  const open = async (file: File, onProgress: (done: Done) => void): Promise<void> => {
    opened.value = undefined;
    const compressed = new Uint8Array(await file.arrayBuffer());
    const read = (): ReturnType<typeof helper.ask<'decompress'>> =>
      helper.ask('decompress', { bytes: compressed }, { onProgress });
    const back = await withModels(read, await openersOf());
    opened.value = { name: file.name.replace(/\.l101$/, ''), bytes: back.bytes };
  };
  /** The model that was picked; otherwise those that are here, one after the other. */
  const openersOf = async (): Promise<(() => Promise<unknown>)[]> => {
    if (model.value !== undefined) {
      const bytes = new Uint8Array(await model.value.arrayBuffer());
      return [() => helper.open(bytes)];
    }
    const shown = run.value;
    return [
      ...(shown === undefined ? [] : [() => helper.takeFrom(shown)]),
      ...(modelOfLast === undefined ? [] : [() => helper.open(modelOfLast.bytes)]),
    ];
  };
  return (
    <section>
      <h2>{words.open}</h2>
      <div class="row">
        <FileButton
          title={words.open}
          onPick={(file) => void attempt(words.reading, (onProgress) => open(file, onProgress))}
        />
        <FileButton
          title={words.openModel}
          onPick={(file) => {
            model.value = file;
          }}
        />
        {model.value !== undefined && <span>{model.value.name}</span>}
      </div>
      {opened.value !== undefined && <OpenedText opened={opened.value} />}
    </section>
  );
}

/** Characters of a text that are shown. */
const MOST_SHOWN = 2000;

function OpenedText({ opened: { name, bytes } }: { readonly opened: Opened }) {
  const words = t.use.compress;
  return (
    <>
      <p role="status">{words.opened(name, format.whole(bytes.length))}</p>
      <pre tabIndex={0}>{new TextDecoder().decode(bytes.subarray(0, MOST_SHOWN))}</pre>
      <button type="button" onClick={() => download(bytes, name)}>
        {words.downloadOpened}
      </button>
    </>
  );
}

/** @throws what the last model was refused for */
async function withModels<T>(
  read: () => Promise<T>,
  openers: readonly (() => Promise<unknown>)[],
): Promise<T> {
  let refusal: unknown;
  for (const open of openers.length === 0 ? [async () => {}] : openers) {
    try {
      await open();
      return await read();
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}
