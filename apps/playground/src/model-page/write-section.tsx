import { useSignal } from '@preact/signals';
import { NumberField, ProblemText } from '../rooms/use/fields.js';
import { SurprisedText, SurpriseScale } from '../rooms/use/surprised-text.js';
import { drawing } from '../rooms/use/use-state.js';
import type { Problem } from '../protocol.js';
import { t } from '../strings/index.js';
import type { WrittenPart } from '../use-requests.js';
import { problemOf } from '../worker/problem.js';
import { write } from '../worker/requests/use/write.js';
import type { ModelFacts } from './engine.js';
import { line } from './state.js';

/** A text as far as it is written, in parts. */
interface Written {
  readonly texts: readonly string[];
  readonly bits: readonly (number | undefined)[];
}

/** Texts that the model writes, as `llm101 sample` does. */
export function WriteSection({ facts: { examples } }: { readonly facts: ModelFacts }) {
  const words = t.use.write;
  const isText = examples === 'blocks';
  const count = useSignal(isText ? 1 : 10);
  const maxLength = useSignal(isText ? 500 : 100);
  const written = useSignal<readonly Written[]>([]);
  const problem = useSignal<Problem | undefined>(undefined);
  const abort = useSignal<AbortController | undefined>(undefined);
  const start = async (): Promise<void> => {
    const { signal } = (abort.value = new AbortController());
    problem.value = undefined;
    const texts: { texts: string[]; bits: (number | undefined)[] }[] = [];
    let frame = 0;
    const show = (): void => {
      frame = 0;
      written.value = texts.map((text) => ({ ...text }));
    };
    const tell = ({ index, text, bits }: WrittenPart): void => {
      const own = (texts[index] ??= { texts: [], bits: [] });
      own.texts.push(text);
      own.bits.push(bits);
      frame ||= requestAnimationFrame(show);
    };
    const [prompt, length] = [line.value, maxLength.value];
    try {
      await write(
        { prompt, drawing: drawing.value, count: count.value, maxLength: length },
        undefined,
        { signal, tell },
      );
    } catch (error) {
      const found = problemOf(error);
      if (found.name !== 'AbortError') problem.value = found;
    }
    abort.value = undefined;
  };
  return (
    <section aria-labelledby="write">
      <h2 id="write">{t.use.parts.write}</h2>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (abort.value === undefined) void start();
        }}
      >
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
          value={maxLength.value}
          least={1}
          most={10_000}
          step={1}
          onChange={(value = 1) => {
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
      </form>
      <p class="quiet">{t.modelPage.writeHelp}</p>
      <ProblemText problem={problem.value} />
      <SurpriseScale />
      <ol class="written" aria-busy={abort.value !== undefined}>
        {written.value.map(({ texts, bits }, i) => (
          <li key={i}>
            <SurprisedText label={words.text(i + 1)} texts={texts} bits={bits} />
          </li>
        ))}
      </ol>
    </section>
  );
}
