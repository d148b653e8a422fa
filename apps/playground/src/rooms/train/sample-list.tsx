import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';

/** Texts that the model wrote as it learned: the newest, or those of an earlier step. */
export function SampleList() {
  const chosen = useSignal<number | undefined>(undefined);
  const all = run.value?.samples.value ?? [];
  const index = Math.min(chosen.value ?? all.length - 1, all.length - 1);
  const shown = all.at(index);
  const asked = run.value?.facts.value?.text.asked;
  return (
    <section class="samples">
      <h2>{t.samples.title}</h2>
      {shown === undefined ? (
        <p class="quiet">{t.samples.none}</p>
      ) : (
        <>
          {all.length > 1 && (
            <label>
              {t.samples.which}
              <input
                type="range"
                min={0}
                max={all.length - 1}
                value={index}
                onInput={(event) => {
                  const at = Number(event.currentTarget.value);
                  chosen.value = at === all.length - 1 ? undefined : at;
                }}
              />
            </label>
          )}
          <p class="quiet">{t.samples.at(format.whole(shown.step))}</p>
          <ol>
            {shown.texts.map((text, i) => (
              <li key={i}>
                {asked === undefined ? text : <Answer text={text} isRight={text === asked[i]} />}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** A question with the model's answer; of a wrong one it says which is right. */
function Answer({ text, isRight }: { readonly text: string; readonly isRight: boolean }) {
  return (
    <span class="answer" data-right={isRight}>
      <span aria-hidden="true">{isRight ? '✓' : '✗'} </span>
      <span class="unseen">{isRight ? t.samples.right : t.samples.wrong} </span>
      {text}
    </span>
  );
}
