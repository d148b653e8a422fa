import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import * as format from '../../format.js';
import { FileButton } from '../../parts/file-button.js';
import { run } from '../../state/runs.js';
import { pasted } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import type { Done } from '../../use-requests.js';
import { ProblemText, Progress } from './fields.js';
import { useFollowed } from './follow.js';
import { HeldOutButton } from './held-out-button.js';
import { useHelper } from './helper.js';
import { type FoundSurprise, SurpriseResult } from './surprise-result.js';

/** Characters of a text that is looked at again as the run learns. */
const MOST_FOLLOWED = 2000;

/** Bytes of a file that is taken. */
const MOST_BYTES = 1_000_000;

/** How surprising each character of a text is to the model. */
export function SurprisePart() {
  const words = t.use.surprise;
  const helper = useHelper();
  const abort = useRef<AbortController>(undefined);
  const done = useSignal<Done | undefined>(undefined);
  const refusal = useSignal<string | undefined>(undefined);
  const { answer, problem } = useFollowed<FoundSurprise>({
    typed: () => [pasted.value, run.value, run.value?.facts.value],
    learned: () => pasted.value.length <= MOST_FOLLOWED && run.value?.frame.value,
    intervalMs: 1000,
    ask: () => (run.value?.facts.value === undefined ? undefined : find(run.value)),
  });
  const find = async (shown: NonNullable<typeof run.value>): Promise<FoundSurprise> => {
    const { step } = await helper.takeFrom(shown);
    const controller = (abort.current = new AbortController());
    const { signal } = controller;
    const startMs = performance.now();
    const onProgress = (progress: Done): void => {
      if (performance.now() - startMs > 300) done.value = progress; // nothing flickers
    };
    try {
      const text = pasted.value;
      return { ...(await helper.ask('surprise', { text }, { signal, onProgress })), step };
    } finally {
      done.value = undefined;
    }
  };
  const change = (text: string): void => {
    abort.current?.abort();
    refusal.value = undefined;
    pasted.value = text;
  };
  const take = async (file: File): Promise<void> => {
    if (file.size > MOST_BYTES) refusal.value = words.tooLarge(format.whole(MOST_BYTES));
    else change(await file.text());
  };
  if (run.value === undefined) return <p>{t.use.noRun}</p>;
  return (
    <>
      <p class="quiet">{words.help}</p>
      <label class="wide">
        {words.text}
        <textarea
          rows={5}
          value={pasted.value}
          spellcheck={false}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      </label>
      <div class="row">
        <FileButton title={words.pick} onPick={(file) => void take(file)} />
        <HeldOutButton onTake={change} />
        {done.value !== undefined && (
          <Progress
            label={t.use.parts.surprise}
            done={done.value}
            onCancel={() => abort.current?.abort()}
          />
        )}
      </div>
      {refusal.value !== undefined && (
        <ProblemText problem={{ name: 'Error', message: refusal.value }} />
      )}
      <ProblemText problem={problem.value} />
      {answer.value !== undefined && <SurpriseResult found={answer.value} />}
    </>
  );
}
