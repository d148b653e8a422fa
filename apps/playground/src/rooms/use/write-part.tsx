import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import * as format from '../../format.js';
import type { Problem } from '../../protocol.js';
import { line } from '../../state/line.js';
import { run } from '../../state/runs.js';
import { t } from '../../strings/index.js';
import type { WrittenPart } from '../../use-requests.js';
import { DrawingFields, NumberField, ProblemText } from './fields.js';
import { LineInput } from './line-input.js';
import { problemOf } from './follow.js';
import { useHelper } from './helper.js';
import { SurprisedText, SurpriseScale } from './surprised-text.js';
import { drawing } from './use-state.js';

/** A text as far as it is written, in parts. */
interface Written {
  readonly texts: readonly string[];
  readonly bits: readonly (number | undefined)[];
}

/** What was written last, and by which step. */
interface Result {
  readonly step: number;
  readonly written: readonly Written[];
}

/** Texts that the model writes, shown as they are drawn. */
export function WritePart() {
  const words = t.use.write;
  const isText = run.value?.facts.value?.settings.examples === 'blocks';
  const count = useSignal(5);
  const maxLength = useSignal<number | undefined>(undefined);
  const result = useSignal<Result | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const abort = useSignal<AbortController | undefined>(undefined);
  const frame = useRef(0);
  const helper = useHelper();
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  if (run.value === undefined) return <p>{t.use.noRun}</p>;
  const shownRun = run.value;
  const length = maxLength.value ?? (isText ? 300 : 100);
  const start = async (): Promise<void> => {
    const controller = (abort.value = new AbortController());
    problem.value = undefined;
    try {
      const { step } = await helper.takeFrom(shownRun);
      const texts: { texts: string[]; bits: (number | undefined)[] }[] = [];
      const show = (): void => {
        frame.current = 0;
        result.value = { step, written: texts.map((text) => ({ ...text })) };
      };
      const add = ({ index, text, bits }: WrittenPart): void => {
        const own = (texts[index] ??= { texts: [], bits: [] });
        own.texts.push(text);
        own.bits.push(bits);
        frame.current ||= requestAnimationFrame(show);
      };
      const input = {
        prompt: line.value,
        drawing: drawing.value,
        count: count.value,
        maxLength: length,
      };
      await helper.ask('write', input, { onProgress: add, signal: controller.signal });
    } catch (error) {
      problem.value = problemOf(error);
    }
    abort.value = undefined;
  };
  return (
    <form
      class="columns"
      onSubmit={(event) => {
        event.preventDefault();
        if (abort.value === undefined) void start();
      }}
    >
      <div>
        <p class="quiet">{words.help}</p>
        <LineInput
          title={words.prompt}
          value={line.value}
          onChange={(value) => {
            line.value = value;
          }}
        />
        <div class="row">
          <NumberField
            title={words.count}
            value={count.value}
            least={1}
            most={100}
            step={1}
            onChange={(value = 1) => {
              count.value = value;
            }}
          />
          <NumberField
            title={words.length}
            value={length}
            least={1}
            most={10_000}
            step={1}
            onChange={(value) => {
              maxLength.value = value;
            }}
          />
          <button type="submit" class="main" aria-disabled={abort.value !== undefined}>
            {words.start}
          </button>
          <button
            type="button"
            disabled={abort.value === undefined}
            onClick={() => abort.value?.abort()}
          >
            {t.use.cancel}
          </button>
        </div>
        <ProblemText problem={problem.value} />
        <h2>{words.result}</h2>
        <SurpriseScale />
        <Texts result={result.value} isBusy={abort.value !== undefined} />
      </div>
      <div>
        <DrawingFields />
      </div>
    </form>
  );
}

function Texts({
  result,
  isBusy,
}: {
  readonly result: Result | undefined;
  readonly isBusy: boolean;
}) {
  const words = t.use.write;
  if (result === undefined) return <p class="quiet">{words.none}</p>;
  return (
    <>
      <ol class="written" aria-busy={isBusy}>
        {result.written.map(({ texts, bits }, i) => (
          <li key={i}>
            <SurprisedText label={words.text(i + 1)} texts={texts} bits={bits} />
          </li>
        ))}
      </ol>
      <p class="quiet">{t.use.atStep(format.whole(result.step))}</p>
    </>
  );
}
