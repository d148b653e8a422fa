import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';

/** Takes the text that the run has not learned from: what its predictions are worth shows there. */
export function HeldOutButton({ onTake }: { readonly onTake: (text: string) => void }) {
  const shown = run.value;
  return (
    <button
      type="button"
      disabled={shown?.facts.value === undefined}
      onClick={() => {
        shown?.ask('heldOut', {}).then(
          ({ text }) => onTake(text),
          () => {}, // the run was closed: the bar says so
        );
      }}
    >
      {t.use.heldOut}
    </button>
  );
}
