import { useEffect, useReducer } from 'preact/hooks';
import { FilePicker } from '../../parts/file-picker.js';
import { takeFiles } from '../../incoming/take.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import { Compare } from './compare.js';
import { listedRuns } from './listed-run.js';
import { RunList } from './run-list.js';
import './runs.css';
import { ShareAndBranch } from './share-and-branch.js';
import { TakeHome } from './take-home.js';

/** Milliseconds between two looks at the figures of runs. */
const LOOK_MS = 250;

/** All runs: to look at, to compare, and to take from one place to another. */
export function RunsRoom() {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => again(undefined), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const listed = listedRuns();
  const shown = run.value;
  return (
    <div class="runs">
      <RunList listed={listed} />
      <Compare listed={listed} />
      <div class="moves">
        {shown !== undefined && <TakeHome key={`home ${shown.id}`} run={shown} />}
        {shown !== undefined && <ShareAndBranch key={`share ${shown.id}`} run={shown} />}
        <section>
          <h2>{t.runs.bring}</h2>
          <p class="quiet">{t.runs.bringHelp}</p>
          <div class="row">
            <FilePicker title={t.runs.pickFiles} onPick={(files) => void takeFiles(files)} />
            <FilePicker
              title={t.runs.pickFolder}
              isFolder
              onPick={(files) => void takeFiles(files)}
            />
          </div>
        </section>
      </div>
    </div>
  );
}
