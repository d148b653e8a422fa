import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import * as format from '../../format.js';
import { run } from '../../state/page.js';
import { pasted } from '../../state/shown.js';
import { t } from '../../strings/index.js';
import type { Done, SurpriseOutput } from '../../use-requests.js';
import { FileButton, ProblemText, Progress } from './fields.js';
import { useFollowed } from './follow.js';
import { HeldOutButton } from './held-out-button.js';
import { useHelper } from './helper.js';
import { SurprisedText, SurpriseScale } from './surprised-text.js';

/** Characters of a text that is looked at again as the run learns. */
const MOST_FOLLOWED = 2000;

/** Bytes of a file that is taken. */
const MOST_BYTES = 1_000_000;

/** Rows of the table. */
const MOST_ROWS = 400;

/** A figure as it was found, with the step of the model. */
interface Found extends SurpriseOutput {
  readonly step: number;
}

/** How surprising each character of a text is to the model. */
export function SurprisePart() {
  const words = t.use.surprise;
  const helper = useHelper();
  const abort = useRef<AbortController>(undefined);
  const done = useSignal<Done | undefined>(undefined);
  const refusal = useSignal<string | undefined>(undefined);
  const { answer, problem } = useFollowed<Found>({
    typed: () => [pasted.value, run.value, run.value?.facts.value],
    learned: () => pasted.value.length <= MOST_FOLLOWED && run.value?.frame.value,
    intervalMs: 1000,
    ask: () => (run.value?.facts.value === undefined ? undefined : find(run.value)),
  });
  const find = async (shown: NonNullable<typeof run.value>): Promise<Found> => {
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
      {answer.value !== undefined && <Result found={answer.value} />}
    </>
  );
}

function Result({ found }: { readonly found: Found }) {
  const words = t.use.surprise;
  const { texts, bits, entropies, ranks, ends, totalBits, characters, unknown, step } = found;
  const per = characters === 0 ? NaN : totalBits / characters;
  const known = bits.filter((value) => !Number.isNaN(value)).length;
  const expected = entropies.reduce((sum, value) => sum + value, 0) / (texts.length || 1);
  const first = ranks.filter((rank) => rank === 1).length;
  const nameOf = (i: number): string => (ends[i] === 1 ? t.use.end : `“${texts[i]}”`);
  const figuresOf = (i: number): string =>
    Number.isNaN(bits[i])
      ? words.unknownPart(nameOf(i))
      : words.figures({
          part: nameOf(i),
          bits: bits[i].toFixed(2),
          expected: entropies[i].toFixed(2),
          rank: String(ranks[i]),
        });
  return (
    <>
      <dl class="figures" aria-label={t.use.parts.surprise}>
        <Figure name={words.perCharacter} value={per.toFixed(3)} id="bits-a-character" />
        <Figure name={words.total} value={totalBits.toFixed(1)} id="total-bits" />
        <Figure name={words.entropy} value={expected.toFixed(3)} id="expected-bits" />
        <Figure name={words.uniform} value={found.uniformBits.toFixed(3)} id="uniform-bits" />
        <Figure name={words.perplexity} value={(2 ** per).toFixed(2)} id="perplexity" />
        <Figure
          name={words.firstGuess}
          value={format.percent(known === 0 ? 0 : first / known)}
          id="first-guesses"
        />
      </dl>
      {unknown > 0 && <p class="hint">{words.unknown(format.whole(unknown))}</p>}
      <SurpriseScale />
      <SurprisedText
        label={words.result}
        texts={texts}
        bits={bits}
        ends={ends}
        figuresOf={figuresOf}
      />
      <p class="quiet">{t.use.atStep(format.whole(step))}</p>
      <Table found={found} nameOf={nameOf} />
    </>
  );
}

function Figure({
  name,
  value,
  id,
}: {
  readonly name: string;
  readonly value: string;
  readonly id: string;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-figure={id}>{value}</dd>
    </div>
  );
}

/** The figures of each part, made once it is opened. */
function Table({
  found: { texts, bits, entropies, ranks },
  nameOf,
}: {
  readonly found: Found;
  readonly nameOf: (index: number) => string;
}) {
  const words = t.use.surprise;
  const isOpen = useSignal(false);
  const shown = Math.min(texts.length, MOST_ROWS);
  return (
    <details
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{words.table}</summary>
      {isOpen.value && (
        <table>
          {shown < texts.length && (
            <caption>{words.tableOf(format.whole(shown), format.whole(texts.length))}</caption>
          )}
          <thead>
            <tr>
              <th scope="col">{words.part}</th>
              <th scope="col">{words.bits}</th>
              <th scope="col">{words.expected}</th>
              <th scope="col">{words.rank}</th>
            </tr>
          </thead>
          <tbody>
            {texts.slice(0, shown).map((_, i) => (
              <tr key={i}>
                <th scope="row">{nameOf(i)}</th>
                <td>{Number.isNaN(bits[i]) ? '–' : bits[i].toFixed(3)}</td>
                <td>{entropies[i].toFixed(3)}</td>
                <td>{ranks[i] === 0 ? '–' : ranks[i]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
