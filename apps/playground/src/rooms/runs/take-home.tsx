import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { download } from '../../parts/download.js';
import type { Problem } from '../../protocol.js';
import { type Taking, takings } from '../../run-requests.js';
import { asProblem } from '../../state/client.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';

/** The run's files: its folder, with which the command goes on, and what other programs read. */
export function TakeHome({ run }: { readonly run: PageRun }) {
  const problem = useSignal<Problem | undefined>(undefined);
  const said = useSignal('');
  const isBusy = useSignal(false);
  const take = async (what: Taking): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = undefined;
    said.value = t.runs.taking;
    try {
      const { name, bytes } = await run.ask('take', { what, name: run.name.value });
      download(bytes, name);
      said.value = t.runs.taken(name, format.bytes(bytes.length));
    } catch (error) {
      problem.value = asProblem(error);
      said.value = '';
    }
    isBusy.value = false;
  };
  const hasBegun = run.facts.value !== undefined;
  return (
    <section>
      <h2>{t.runs.home(run.name.value)}</h2>
      <p class="quiet">{t.runs.homeHelp}</p>
      <div class="command">
        <code>{t.runs.command(run.name.value.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'))}</code>
      </div>
      <div class="row">
        {takings.map((what) => (
          <button
            key={what}
            type="button"
            class={what === 'folder' ? 'main' : undefined}
            disabled={!hasBegun}
            onClick={() => void take(what)}
          >
            {t.runs.takings[what]}
          </button>
        ))}
      </div>
      <p role="status" class="said">
        {said.value}
      </p>
      {problem.value !== undefined && (
        <p class="problem" role="alert">
          {problem.value.message}
        </p>
      )}
    </section>
  );
}
