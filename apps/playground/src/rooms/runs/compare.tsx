import { useSignal } from '@preact/signals';
import type { Settings } from '@llm101/runs';
import { useEffect } from 'preact/hooks';
import { Curves, type Series } from '../../charts/curves.js';
import type { Difference } from '../../run-requests.js';
import { cursor, logSteps } from '../../state/shown.js';
import { askSpare } from '../../state/spare.js';
import { t } from '../../strings/index.js';
import { isTicked, type ListedRun, listedRuns } from './listed-run.js';
import { Results } from './results.js';

/** The runs that are ticked over each other, their results, and where their settings differ. */
export function Compare({ listed }: { readonly listed: readonly ListedRun[] }) {
  const ticked = listed.filter((one) => isTicked(one));
  return (
    <section>
      <h2>{t.runs.curves}</h2>
      <Curves
        label={t.runs.curves}
        height={280}
        cursor={cursor}
        logSteps={logSteps}
        series={() =>
          listedRuns()
            .filter((one) => isTicked(one))
            .flatMap((one) => seriesOf(one))
        }
      />
      <label>
        <input
          type="checkbox"
          checked={logSteps.value}
          onChange={({ currentTarget }) => {
            logSteps.value = currentTarget.checked;
          }}
        />
        {t.controls.logSteps}
      </label>
      <Results runs={ticked} />
      <Differences runs={ticked} />
    </section>
  );
}

function seriesOf({ name, color, curve, validations, open }: ListedRun): Series[] {
  void open?.frame.value; // drawn again when steps come
  return [
    { name, color, curve, isFaint: true },
    {
      name,
      color,
      points: validations.map(({ step, evaluation }) => [step, evaluation.loss] as const),
    },
  ];
}

function Differences({ runs }: { readonly runs: readonly ListedRun[] }) {
  const found = useSignal<readonly Difference[] | undefined>(undefined);
  const begun = runs.filter(({ facts }) => facts !== undefined);
  const settings = begun.flatMap(({ facts }): Settings[] => (facts ? [facts.settings] : []));
  const key = JSON.stringify(settings);
  useEffect(() => {
    let isWanted = settings.length > 1;
    found.value = undefined;
    if (isWanted) {
      askSpare('differences', { settings }).then(
        (differences) => {
          if (isWanted) found.value = differences;
        },
        () => {}, // the engine can't be loaded: the page says so
      );
    }
    return () => {
      isWanted = false;
    };
  }, [key]);
  if (begun.length < 2) return <p class="quiet">{t.runs.fewer}</p>;
  if (found.value === undefined) return null;
  if (found.value.length === 0) return <p>{t.runs.same}</p>;
  return (
    <div class="scroll" role="region" aria-label={t.runs.differences} tabIndex={0}>
      <table class="differences">
        <caption>{t.runs.differences}</caption>
        <thead>
          <tr>
            <th scope="col">{t.runs.setting}</th>
            {begun.map(({ id, name, color }) => (
              <th key={id} scope="col">
                <span class={`swatch ${color}`} aria-hidden="true" /> {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.value.map(({ key: setting, title, values }) => (
            <tr key={setting} data-setting={setting}>
              <th scope="row">{title}</th>
              {begun.map(({ id }, i) => (
                <td key={id}>{values[i] ?? t.runs.unset}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
