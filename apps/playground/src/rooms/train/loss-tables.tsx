import * as format from '../../format.js';
import { TableHead } from '../../parts/table-head.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import { levelOf } from './baselines.js';

/** Validations that the table has; of more it has some from all of the run. */
const MOST_ROWS = 100;

/** What n-grams come to, and the losses of the run that is looked at. */
export function LossTables() {
  if (run.value === undefined) return null;
  const { validations, curve, baselines } = run.value;
  const all = validations.value;
  const every = Math.ceil(all.length / MOST_ROWS);
  const listed = all.filter((_, i) => (all.length - 1 - i) % every === 0);
  const levels = baselines.value.map(levelOf);
  return (
    <>
      {levels.length > 0 && (
        <table>
          <caption>{t.charts.levels}</caption>
          <TableHead titles={t.charts.levelColumns} />
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
        <TableHead titles={t.charts.lossColumns} />
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
