import { useSignal } from '@preact/signals';
import { run } from '../../state/runs.js';
import type { PageRun } from '../../state/run.js';
import { loadRoomStrings, t } from '../../strings/index.js';
import type { CodeDialog } from './code-dialog.js';

/** Shows the programs that train the same as the run that is looked at; their window is loaded when it is first opened. */
export function CodeButton() {
  const opened = useSignal<
    { readonly Dialog: typeof CodeDialog; readonly of: PageRun } | undefined
  >(undefined);
  const of = run.value;
  const open = async (shown: PageRun): Promise<void> => {
    const [{ CodeDialog: Dialog }] = await Promise.all([
      import('./code-dialog.js'),
      loadRoomStrings(),
    ]);
    opened.value = { Dialog, of: shown };
  };
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        disabled={of?.facts.value === undefined}
        onClick={() => of && void open(of)}
      >
        {t.form.code}
      </button>
      {opened.value !== undefined && (
        <opened.value.Dialog
          run={opened.value.of}
          onClose={() => {
            opened.value = undefined;
          }}
        />
      )}
    </>
  );
}
