import { useSignal } from '@preact/signals';
import { Later } from '../../parts/later.js';
import { runs } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import './loss-figures.css';

/** Whose curves they are, and which of them is which. */
export function Legend() {
  return (
    <ul class="legend">
      {runs.value.map((one) => (
        <li key={one.id}>
          <Line color={one.color} isFaint /> {one.name.value}, {t.charts.batchLoss}
        </li>
      ))}
      {runs.value.map((one) => (
        <li key={one.id}>
          <Line color={one.color} /> {one.name.value}, {t.charts.validation}
        </li>
      ))}
    </ul>
  );
}

function Line({ color, isFaint = false }: { readonly color: string; readonly isFaint?: boolean }) {
  return (
    <span
      class={isFaint ? 'line faint' : 'line'}
      style={{ background: `var(--${color})` }}
      aria-hidden="true"
    />
  );
}

/** The figures of the run that is looked at, made where they are asked for. */
export function LossTable() {
  const isOpen = useSignal(false);
  return (
    <details
      class="loss-table"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{t.charts.table}</summary>
      {isOpen.value && <Later load={loadTables} />}
    </details>
  );
}

const loadTables = async () => (await import('./loss-tables.js')).LossTables;
