import * as format from '../format.js';
import type { Fingerprint } from '../happenings.js';
import { given } from '../state/given.js';
import { missingText } from '../state/missing-text.js';
import { ignored } from '../state/place.js';
import type { PageRun } from '../state/run.js';
import { elsewhere, kept, openKept, run, runs } from '../state/runs.js';
import { t } from '../strings/index.js';

declare const LLM101_VERSION: string;

/** What became of files that came, a text that is still to come, and whether a shared run has the weights that it should have. */
export function Notices() {
  const came = given.value;
  const missing = missingText.value;
  const { value: shown } = run;
  const expected = shown?.expected.value;
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
      {ignored.value.length > 0 && <Ignored parts={ignored.value} />}
      {runs.value.length === 0 &&
        kept.value
          .filter(({ id }) => elsewhere.value.has(id))
          .map(({ id, name }) => (
            <p key={id} class="notice" role="status">
              {t.given.elsewhere(name)}{' '}
              <button type="button" onClick={() => void openKept(id)}>
                {t.given.takeOver}
              </button>
            </p>
          ))}
      {expected !== undefined && shown !== undefined && <Compared run={shown} with={expected} />}
    </>
  );
}

/** What the address said that means nothing here; it is gone from it. */
function Ignored({ parts }: { readonly parts: readonly string[] }) {
  const shown = parts.slice(0, SHOWN_PARTS).map((part) => format.short(part, SHOWN_PART));
  const more = parts.length > SHOWN_PARTS ? ' …' : '';
  return (
    <p class="notice" role="status" data-notice="ignored">
      {t.given.ignored(shown.join(', ') + more)}{' '}
      <button
        type="button"
        onClick={() => {
          ignored.value = [];
        }}
      >
        {t.given.dismiss}
      </button>
    </p>
  );
}

/** Whether a shared run has the weights that it should have; where it hasn't, what may be why. */
function Compared({
  run: { verdict, facts },
  with: { step, sha256 },
}: {
  readonly run: PageRun;
  readonly with: Fingerprint;
}) {
  const { settings } = facts.value ?? {};
  const differs = verdict.value === 'differs';
  return (
    <p class={differs ? 'problem' : 'notice'} role="status" data-verdict={verdict.value}>
      {t.given.expected[verdict.value](format.whole(step), sha256.slice(0, SHOWN_DIGITS))}{' '}
      {differs &&
        settings !== undefined &&
        t.given.whyDiffers(LLM101_VERSION, settings.data, String(settings.shards))}
    </p>
  );
}

/** Parts of an address that are shown, and characters of each. */
const [SHOWN_PARTS, SHOWN_PART] = [5, 40];

/** Digits of a fingerprint that are shown. */
const SHOWN_DIGITS = 8;
