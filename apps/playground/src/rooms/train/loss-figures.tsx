import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { run, runs } from '../../state/runs.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';
import { levelOf } from './baselines.js';
import './loss-figures.css';

/** Validations that the table has; of more it has some from all of the run. */
const MOST_ROWS = 100;

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
  const shown = run.value;
  return (
    <details
      class="loss-table"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{t.charts.table}</summary>
      {isOpen.value && shown !== undefined && <Tables run={shown} />}
    </details>
  );
}

function Tables({ run: { validations, curve, baselines } }: { readonly run: PageRun }) {
  const all = validations.value;
  const every = Math.ceil(all.length / MOST_ROWS);
  const listed = all.filter((_, i) => (all.length - 1 - i) % every === 0);
  const levels = baselines.value.map(levelOf);
  return (
    <>
      {levels.length > 0 && (
        <table>
          <caption>{t.charts.levels}</caption>
          <Head titles={t.charts.levelColumns} />
          <tbody>
            {levels.map(({ name, value }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{format.loss(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <table>
        <caption>{t.charts.loss}</caption>
        <Head titles={t.charts.lossColumns} />
        <tbody>
          {listed.map(({ step, evaluation }) => (
            <tr key={step}>
              <td>{format.whole(step)}</td>
              <td>
                {format.loss(curve.buckets === 0 ? undefined : curve.at(curve.bucketOf(step)).mean)}
              </td>
              <td>{format.loss(evaluation.loss)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Head({ titles }: { readonly titles: readonly string[] }) {
  return (
    <thead>
      <tr>
        {titles.map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
