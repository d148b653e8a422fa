import { useSignal } from '@preact/signals';
import { copy } from '../../parts/copy.js';
import type { Problem } from '../../protocol.js';
import { asProblem } from '../../state/client.js';
import { beginBranch, isFingerprintShared, sharedAddress } from '../../state/share.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';

/** The address by which others train the same, and another run that begins with these weights. */
export function ShareAndBranch({ run }: { readonly run: PageRun }) {
  const problem = useSignal<Problem | undefined>(undefined);
  const said = useSignal('');
  const address = sharedAddress(run);
  return (
    <section>
      <h2>{t.runs.share}</h2>
      <p class="quiet">{address === undefined ? t.runs.notShareable : t.runs.shareHelp}</p>
      {address !== undefined && (
        <>
          <input
            type="text"
            readOnly
            class="share-address"
            aria-label={t.runs.shareAddress}
            value={address}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
          <div class="row">
            <button
              type="button"
              onClick={() => void copy(address).then((sentence) => (said.value = sentence))}
            >
              {t.runs.shareButton}
            </button>
            <span role="status">{said.value}</span>
          </div>
          {!isFingerprintShared(run) && <p class="quiet">{t.runs.shareLater}</p>}
        </>
      )}
      <h2>{t.runs.branch}</h2>
      <p class="quiet">{t.runs.branchHelp}</p>
      <button
        type="button"
        disabled={run.facts.value === undefined}
        onClick={() =>
          void beginBranch(run).catch((error: unknown) => (problem.value = asProblem(error)))
        }
      >
        {t.runs.branchStart}
      </button>
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem.value.message}
        </p>
      )}
    </section>
  );
}
