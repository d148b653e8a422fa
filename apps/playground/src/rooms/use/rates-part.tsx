import { useSignal } from '@preact/signals';
import type { LearningRateSearch, RatePoint } from '@llm101/training';
import * as format from '../../format.js';
import type { Problem } from '../../protocol.js';
import { TableHead } from '../../parts/table-head.js';
import { choose, flags, text } from '../../state/next-run.js';
import { t } from '../../strings/index.js';
import { NumberField, ProblemText, Progress } from './fields.js';
import { problemOf } from './follow.js';
import { useHelper } from './helper.js';
import { RatesChart } from './rates-chart.js';

/** What was found; the rates that are tried are those of `llm101 lr-find`. */
type Search = Pick<LearningRateSearch, 'points'> & Partial<LearningRateSearch>;

/** Which learning rate is worth trying, as a picture. */
export function RatesPart() {
  const words = t.use.rates;
  const helper = useHelper();
  const range = useSignal({ from: 1e-5, to: 10, steps: 200 });
  const search = useSignal<Search | undefined>(undefined);
  const abort = useSignal<AbortController | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const taken = useSignal<string | undefined>(undefined);
  const { from, to, steps } = range.value;
  const isWrong = !(from > 0 && to > from);
  const start = async (): Promise<void> => {
    const controller = (abort.value = new AbortController());
    [problem.value, taken.value] = [undefined, undefined];
    const points: RatePoint[] = [];
    search.value = { points };
    const onProgress = (point: RatePoint): void => {
      points.push(point);
      search.value = { points };
    };
    try {
      const input = { flags: flags.value, text: text.value, from, to, steps };
      const { signal } = controller;
      search.value = await helper.ask('rates', input, { onProgress, signal });
    } catch (error) {
      problem.value = problemOf(error);
    }
    helper.end(); // with the run that it made
    abort.value = undefined;
  };
  const { points = [], finding, suggestion } = search.value ?? {};
  const rate = suggestion === undefined ? undefined : String(Number(suggestion.toPrecision(2)));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (abort.value === undefined && !isWrong) void start();
      }}
    >
      <p class="quiet">{words.help}</p>
      <div class="row">
        <NumberField
          title={words.from}
          value={from}
          least={Number.MIN_VALUE}
          step="any"
          onChange={(value = 0) => {
            range.value = { ...range.value, from: value };
          }}
        />
        <NumberField
          title={words.to}
          value={to}
          least={Number.MIN_VALUE}
          step="any"
          onChange={(value = 0) => {
            range.value = { ...range.value, to: value };
          }}
        />
        <NumberField
          title={words.steps}
          value={steps}
          least={2}
          most={100_000}
          step={1}
          onChange={(value = 2) => {
            range.value = { ...range.value, steps: value };
          }}
        />
        <button type="submit" class="main" aria-disabled={abort.value !== undefined || isWrong}>
          {words.start}
        </button>
        {abort.value !== undefined && (
          <Progress
            label={t.use.parts.rates}
            done={{ done: points.length, all: steps }}
            cancel={words.end}
            onCancel={() => abort.value?.abort()}
          />
        )}
      </div>
      {isWrong && <ProblemText problem={{ name: 'Error', message: words.range }} />}
      <ProblemText problem={problem.value} />
      <h2>{words.chart}</h2>
      <RatesChart label={words.chart} search={search} />
      <p role="status" class="finding">
        {finding === 'falls' && words.findings.falls(rate ?? '')}
        {finding !== undefined && finding !== 'falls' && words.findings[finding]}
        {taken.value !== undefined && ` ${words.taken(taken.value)}`}
      </p>
      {rate !== undefined && (
        <button
          type="button"
          onClick={() => {
            choose('lr', Number(rate));
            taken.value = rate;
          }}
        >
          {words.take(rate)}
        </button>
      )}
      {finding !== undefined && <Table points={points} />}
    </form>
  );
}

/** Rows of the table. */
const MOST_ROWS = 50;

function Table({ points }: { readonly points: readonly RatePoint[] }) {
  const words = t.use.rates;
  const each = Math.ceil(points.length / MOST_ROWS);
  return (
    <details>
      <summary>{words.table}</summary>
      <table>
        <TableHead titles={[words.rate, words.loss, words.batchLoss]} />
        <tbody>
          {points
            .filter((_, i) => i % each === 0)
            .map(({ learningRate, loss, batchLoss }) => (
              <tr key={learningRate}>
                <th scope="row">{format.rate(learningRate)}</th>
                <td>{format.loss(loss)}</td>
                <td>{format.loss(batchLoss)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
