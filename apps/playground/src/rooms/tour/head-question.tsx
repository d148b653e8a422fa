import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { asProblem } from '../../state/client.js';
import { line } from '../../state/line.js';
import { run } from '../../state/runs.js';
import { did } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import { type Head, looksBack } from './heads.js';

/** Asks which head looks one token back, and says whether it does, by what the run's heads attend to now. */
export function HeadQuestion() {
  const [layer, head] = [useSignal(1), useSignal(1)];
  const answer = useSignal<{ readonly text: string; readonly isRight: boolean } | undefined>(
    undefined,
  );
  const words = t.tour.head;
  const ask = async (): Promise<void> => {
    if (run.value?.facts.value?.settings.model !== 'gpt') {
      answer.value = { text: words.noGpt, isRight: false };
      return;
    }
    try {
      const maps = await run.value.ask('attention', { line: line.value, position: 0 });
      const heads = looksBack(maps);
      const found = heads.find((one) => one.layer === layer.value && one.head === head.value);
      answer.value = judge(found, heads);
    } catch (error) {
      answer.value = {
        text: asProblem(error).message,
        isRight: false,
      };
    }
    if (answer.value.isRight) did('found the head');
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      {(
        [
          ['layer', layer],
          ['head', head],
        ] as const
      ).map(([name, value]) => (
        <label key={name}>
          {words[name]}{' '}
          <input
            type="number"
            min={1}
            max={99}
            value={value.value}
            onInput={({ currentTarget }) => {
              value.value = Number(currentTarget.value);
            }}
          />
        </label>
      ))}
      <button type="submit">{words.ask}</button>
      <p role="status">{answer.value?.text}</p>
    </form>
  );
}

function judge(
  found: Head | undefined,
  heads: readonly Head[],
): { readonly text: string; readonly isRight: boolean } {
  const words = t.tour.head;
  if (found === undefined) return { text: words.none, isRight: false };
  const share = format.percent(found.share);
  const isRight = found.share >= NEARLY * heads[0].share;
  return { text: isRight ? words.right(share) : words.wrong(share), isRight };
}

/** A head that looks back nearly as much as the one that does most is right too. */
const NEARLY = 0.9;
