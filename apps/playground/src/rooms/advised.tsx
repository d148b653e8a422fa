import { checked } from '../state/check.js';
import { run, startLike } from '../state/runs.js';
import { t } from '../strings/index.js';
import { remedyOf } from './remedy.js';

/** What the command advises by its flags about the run that is looked at, by a click. */
export function Advised() {
  const { value: shown } = run;
  const advised = remedyOf(shown?.problem.value?.message ?? '', checked.value?.fields ?? []);
  if (shown === undefined || advised === undefined) return null;
  const { key, value, title, choice } = advised;
  return (
    <button type="button" onClick={() => startLike(shown, { [key]: value })}>
      {t.controls.with(title, choice)}
    </button>
  );
}
