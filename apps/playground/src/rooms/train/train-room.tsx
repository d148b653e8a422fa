import type { Curve } from '../../charts/curve.js';
import { Curves, type Series } from '../../charts/curves.js';
import { LinkedText } from '../../parts/linked-text.js';
import { TableHead } from '../../parts/table-head.js';
import { follow, hrefOf } from '../../state/follow.js';
import { type LinkName, links } from '../../state/links.js';
import * as format from '../../format.js';
import { hidden } from '../../state/place.js';
import { run, runs } from '../../state/runs.js';
import { cursor, logSteps } from '../../state/shown.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';
import { levelOf, useBaselines } from './baselines.js';
import { Legend, LossTable } from './loss-figures.js';
import { SampleList } from './sample-list.js';
import { SettingsForm } from './settings-form.js';

/** Settings, curves, and texts that the model writes. */
export function TrainRoom() {
  return (
    <div class="train">
      <TryOut />
      <div class="curves">
        <LossChart />
        <AnswerChart />
        <SampleList />
        <RateChart />
        <SpeedChart />
      </div>
      {!hidden.value.includes('form') && <SettingsForm />}
    </div>
  );
}

/** What a newcomer may want to see. */
function TryOut() {
  return (
    <p class="try-out">
      <strong>{t.tryOut.title}:</strong>{' '}
      <LinkedText
        text={t.tryOut.list.join(' ')}
        hrefOf={(name: LinkName) => hrefOf(links[name])}
        onFollow={(name) => follow(links[name])}
      />
    </p>
  );
}

function LossChart() {
  useBaselines();
  return (
    <section>
      <h2>{t.charts.loss}</h2>
      <Curves
        label={t.charts.loss}
        height={320}
        cursor={cursor}
        logSteps={logSteps}
        series={() => runs.value.flatMap((one) => lossSeries(one))}
        levels={() => run.value?.baselines.value.map(levelOf) ?? []}
      />
      <Legend />
      <p class="quiet">{t.charts.lossHelp}</p>
      <label>
        <input
          type="checkbox"
          checked={logSteps.value}
          onChange={(event) => {
            logSteps.value = event.currentTarget.checked;
          }}
        />
        {t.controls.logSteps}
      </label>
      <LossTable />
    </section>
  );
}

function lossSeries(one: PageRun): Series[] {
  const { color } = one;
  void one.frame.value; // drawn again when steps come
  return [
    { name: one.name.value, color, curve: one.curve, isFaint: true },
    {
      name: one.name.value,
      color,
      points: one.validations.value.map(({ step, evaluation }) => [step, evaluation.loss] as const),
    },
  ];
}

/** Where a run has questions: how many of its answers are right. */
function AnswerChart() {
  const asked = runs.value.filter((one) => answersOf(one).length > 0);
  if (asked.length === 0) return null;
  return (
    <section>
      <h2>{t.charts.answers}</h2>
      <Curves
        label={t.charts.answers}
        height={160}
        cursor={cursor}
        logSteps={logSteps}
        fromZero
        series={() =>
          runs.value.map((one) => ({
            name: one.name.value,
            color: one.color,
            points: answersOf(one),
          }))
        }
      />
      <details>
        <summary>{t.charts.answersTable}</summary>
        <table>
          <TableHead titles={t.charts.answerColumns} />
          <tbody>
            {asked.flatMap((one) =>
              answersOf(one).map(([step, percent]) => (
                <tr key={`${one.id} ${step}`}>
                  <td>{one.name.value}</td>
                  <td>{format.whole(step)}</td>
                  <td>{format.percent(percent / 100)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/** Right answers by step, in percent; none of a run that has no questions. */
const answersOf = (one: PageRun): (readonly [step: number, percent: number])[] =>
  one.validations.value.flatMap(({ step, evaluation: { answerAccuracy } }) =>
    answerAccuracy === undefined ? [] : [[step, 100 * answerAccuracy] as const],
  );

/** Properties of {@link StepChart}. */
interface StepChartProps {
  readonly title: string;
  readonly curveOf: (one: PageRun) => Curve;
}

const RateChart = () => <StepChart title={t.charts.rate} curveOf={({ rates }) => rates} />;

const SpeedChart = () => <StepChart title={t.charts.speed} curveOf={({ speeds }) => speeds} />;

/** Something of all runs by step, from 0 on. */
function StepChart({ title, curveOf }: StepChartProps) {
  return (
    <section>
      <h2>{title}</h2>
      <Curves
        label={title}
        height={110}
        cursor={cursor}
        logSteps={logSteps}
        fromZero
        series={() =>
          runs.value.map((one) => {
            void one.frame.value;
            return { name: one.name.value, color: one.color, curve: curveOf(one) };
          })
        }
      />
    </section>
  );
}
