import * as format from '../../format.js';
import { t } from '../../strings/index.js';
import type { ListedRun } from './listed-run.js';

/** A figure that runs are compared by. */
interface Measure {
  readonly key: keyof typeof t.runs.measures;
  readonly value: (run: ListedRun) => number | undefined;
  readonly text: (value: number, run: ListedRun) => string;
  /** What is better; nothing where neither is. */
  readonly best?: 'least' | 'most';
}

const lastOf = ({ validations }: ListedRun) => validations.at(-1)?.evaluation;

const bestOf = ({ validations }: ListedRun) =>
  validations.toSorted((a, b) => a.evaluation.loss - b.evaluation.loss).at(0);

const MEASURES: readonly Measure[] = [
  { key: 'step', value: ({ step }) => step, text: format.whole },
  { key: 'trainLoss', value: ({ trainLoss }) => trainLoss, text: format.loss, best: 'least' },
  { key: 'valLoss', value: (run) => lastOf(run)?.loss, text: format.loss, best: 'least' },
  {
    key: 'bestLoss',
    value: (run) => bestOf(run)?.evaluation.loss,
    text: (loss, run) => t.runs.atStep(format.loss(loss), format.whole(bestOf(run)?.step ?? 0)),
    best: 'least',
  },
  { key: 'accuracy', value: (run) => lastOf(run)?.accuracy, text: format.percent, best: 'most' },
  {
    key: 'answers',
    value: (run) => lastOf(run)?.answerAccuracy,
    text: format.percent,
    best: 'most',
  },
  { key: 'parameters', value: ({ facts }) => facts?.parameters, text: format.whole },
  {
    key: 'speed',
    value: ({ stepsPerSecond }) => (stepsPerSecond === 0 ? undefined : Math.round(stepsPerSecond)),
    text: format.whole,
    best: 'most',
  },
];

/** What runs have come to, a row each; the best is said in words, too. */
export function Results({ runs }: { readonly runs: readonly ListedRun[] }) {
  if (runs.length === 0) return null;
  const columns = MEASURES.map((measure) => ({ measure, values: runs.map(measure.value) })).filter(
    ({ values }) => values.some((value) => isNumber(value)),
  );
  return (
    <div class="scroll" role="region" aria-label={t.runs.results} tabIndex={0}>
      <table class="results">
        <caption>{t.runs.results}</caption>
        <thead>
          <tr>
            <th scope="col">{t.runs.run}</th>
            {columns.map(({ measure: { key } }) => (
              <th key={key} scope="col">
                {t.runs.measures[key]}
              </th>
            ))}
            <th scope="col">{t.runs.measures.fingerprint}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run, i) => (
            <tr key={run.id}>
              <th scope="row">
                <span class={`swatch ${run.color}`} aria-hidden="true" /> {run.name}
              </th>
              {columns.map(({ measure: { key, text, best }, values }) => {
                const value = values[i];
                return (
                  <td key={key} data-measure={key}>
                    {isNumber(value) ? text(value, run) : t.runs.unset}
                    {isBest(value, values, best) && <strong> {t.runs.best}</strong>}
                  </td>
                );
              })}
              <td data-measure="fingerprint">
                {run.fingerprint === undefined
                  ? t.runs.unset
                  : t.runs.atStep(
                      run.fingerprint.sha256.slice(0, 8),
                      format.whole(run.fingerprint.step),
                    )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const isNumber = (value: number | undefined): value is number =>
  value !== undefined && !Number.isNaN(value);

/** Whether it is better than all others; with one run, nothing is the best. */
function isBest(
  value: number | undefined,
  values: readonly (number | undefined)[],
  best: Measure['best'],
): boolean {
  const numbers = values.filter(isNumber);
  if (best === undefined || !isNumber(value) || numbers.length < 2) return false;
  const wanted = best === 'least' ? Math.min(...numbers) : Math.max(...numbers);
  return value === wanted && numbers.some((other) => other !== wanted);
}
