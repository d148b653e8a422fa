import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { droppedFiles } from '../parts/dropped-files.js';
import { asProblem } from '../state/client.js';
import { takeFiles } from '../incoming/take.js';
import { given } from '../state/given.js';
import { t } from '../strings/index.js';

/** Takes files and folders that are dropped anywhere on the page. */
export function DropArea() {
  const isOver = useSignal(false);
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    const isFile = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') ?? false;
    addEventListener(
      'dragover',
      (event) => {
        if (!isFile(event)) return;
        event.preventDefault();
        isOver.value = true;
      },
      { signal },
    );
    addEventListener(
      'dragleave',
      (event) => void (event.relatedTarget === null && (isOver.value = false)),
      { signal },
    );
    addEventListener(
      'drop',
      (event) => {
        if (!isFile(event)) return;
        event.preventDefault();
        isOver.value = false;
        if (event.dataTransfer !== null) void takeDropped(event.dataTransfer);
      },
      { signal },
    );
    return () => ended.abort();
  }, []);
  return isOver.value ? <div class="drop-area">{t.text.dropped}</div> : null;
}

async function takeDropped(data: DataTransfer): Promise<void> {
  try {
    await takeFiles(await droppedFiles(data));
  } catch (error) {
    given.value = { kind: 'problem', message: asProblem(error).message }; // a file that can't be read
  }
}
