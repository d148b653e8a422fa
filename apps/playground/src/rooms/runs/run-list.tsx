import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import {
  closeRun,
  elsewhere,
  removed,
  removeRun,
  renameRun,
  openKept,
  run,
  select,
  takeBack,
} from '../../state/runs.js';
import { t } from '../../strings/index.js';
import { isTicked, type ListedRun, tick } from './listed-run.js';

/** All runs, and what can be done with each. */
export function RunList({ listed }: { readonly listed: readonly ListedRun[] }) {
  return (
    <section>
      <h2>{t.runs.list}</h2>
      <p class="quiet">{t.runs.listHelp}</p>
      <ul class="run-list">
        {listed.map((one) => (
          <Row key={one.id} run={one} />
        ))}
      </ul>
      {listed.length === 0 && <p>{t.runs.none}</p>}
      {removed.value !== undefined && (
        <p role="status">
          {t.runs.removed(removed.value.name)}{' '}
          <button type="button" onClick={() => void takeBack()}>
            {t.runs.takeBack}
          </button>
        </p>
      )}
    </section>
  );
}

function Row({ run: one }: { readonly run: ListedRun }) {
  const { open, kept, name } = one;
  const isShown = open !== undefined && run.value === open;
  const isElsewhere = elsewhere.value.has(one.id); // that tab alone changes it
  return (
    <li aria-current={isShown ? 'true' : undefined}>
      <input
        type="checkbox"
        aria-label={t.runs.compare(name)}
        checked={isTicked(one)}
        onChange={({ currentTarget }) => tick(one.id, currentTarget.checked)}
      />
      <span class={`swatch ${one.color}`} aria-hidden="true" />
      {isElsewhere ? <span class="run-name">{name}</span> : <Name id={one.id} name={name} />}
      <span class="progress-of">
        {t.runs.step(format.whole(one.step))}, {isElsewhere ? t.runs.elsewhere : stateOf(one)}
      </span>
      <span class="actions">
        {open !== undefined && (
          <Action
            action={isShown ? t.runs.lookedAt : t.runs.lookAt}
            name={name}
            isDisabled={isShown}
            act={() => select(one.id)}
          />
        )}
        {kept !== undefined && (
          <Action
            action={isElsewhere ? t.runs.takeOver : t.runs.open}
            name={name}
            act={() => void openKept(one.id)}
          />
        )}
        {open !== undefined && (
          <Action action={t.runs.close} name={name} act={() => void closeRun(open)} />
        )}
        {!isElsewhere && (
          <Action action={t.runs.remove} name={name} act={() => void removeRun(one.id)} />
        )}
      </span>
    </li>
  );
}

/** How a run is: a closed one that was over says how it ended. */
function stateOf({ open, state }: ListedRun): string {
  const isOver = !['loading', 'running', 'paused'].includes(state);
  if (open !== undefined) return t.states[state];
  return isOver ? `${t.states[state]}, ${t.runs.closed}` : t.runs.closed;
}

/** Properties of {@link Action}. */
interface ActionProps {
  readonly action: string;
  readonly name: string;
  readonly isDisabled?: boolean;
  readonly act: () => void;
}

function Action({ action, name, isDisabled = false, act }: ActionProps) {
  return (
    <button
      type="button"
      aria-label={t.runs.of(action, name)}
      disabled={isDisabled}
      onClick={() => act()}
    >
      {action}
    </button>
  );
}

/** The name of a run; what is typed counts once it is done. */
function Name({ id, name }: { readonly id: string; readonly name: string }) {
  const draft = useSignal<string | undefined>(undefined);
  return (
    <input
      type="text"
      class="run-name"
      aria-label={t.runs.name(name)}
      maxLength={60}
      value={draft.value ?? name}
      onInput={({ currentTarget }) => {
        draft.value = currentTarget.value;
      }}
      onChange={({ currentTarget }) => {
        const written = currentTarget.value.trim();
        draft.value = undefined;
        if (written !== '' && written !== name) void renameRun(id, written);
      }}
    />
  );
}
