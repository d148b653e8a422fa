import * as format from '../format.js';
import { given } from '../state/given.js';
import { missingText } from '../state/missing-text.js';
import { run } from '../state/runs.js';
import { t } from '../strings/index.js';

/** What became of files that came, a text that is still to come, and whether a shared run has the weights that it should have. */
export function Notices() {
  const came = given.value;
  const missing = missingText.value;
  const { expected, verdict } = run.value ?? {};
  return (
    <>
      {came !== undefined && (
        <p
          class={came.kind === 'problem' ? 'problem' : 'notice'}
          role={came.kind === 'problem' ? 'alert' : 'status'}
        >
          {came.message}{' '}
          {came.kind !== 'reading' && (
            <button
              type="button"
              onClick={() => {
                given.value = undefined;
              }}
            >
              {t.given.dismiss}
            </button>
          )}
        </p>
      )}
      {missing !== undefined && (
        <p class="notice" role="status">
          {t.text.missing(missing.name, missing.sha256)}{' '}
          <button
            type="button"
            onClick={() => {
              missingText.value = undefined;
            }}
          >
            {t.given.never}
          </button>
        </p>
      )}
      {expected !== undefined && verdict !== undefined && (
        <p
          class={verdict.value === 'differs' ? 'problem' : 'notice'}
          role="status"
          data-verdict={verdict.value}
        >
          {t.given.expected[verdict.value](
            format.whole(expected.step),
            expected.sha256.slice(0, SHOWN_DIGITS),
          )}
        </p>
      )}
    </>
  );
}

/** Digits of a fingerprint that are shown. */
const SHOWN_DIGITS = 8;
