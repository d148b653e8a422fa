import { useSignal } from '@preact/signals';
import * as format from '../../format.js';
import { visible } from '../../parts/visible.js';
import { TableHead } from '../../parts/table-head.js';
import { t } from '../../strings/index.js';
import type { SurpriseOutput } from '../../use-requests.js';
import { SurprisedText, SurpriseScale } from './surprised-text.js';

/** Rows of the table. */
const MOST_ROWS = 400;

/** How surprising a text is, and the step of the model that found it so. */
export interface FoundSurprise extends SurpriseOutput {
  readonly step: number;
}

/** Figures of a text, the text in colours, and a table. */
export function SurpriseResult({ found }: { readonly found: FoundSurprise }) {
  const words = t.use.surprise;
  const { texts, bits, entropies, ranks, ends, totalBits, characters, unknown, step } = found;
  const per = characters === 0 ? NaN : totalBits / characters;
  const known = bits.filter((value) => !Number.isNaN(value)).length;
  const expected = entropies.reduce((sum, value) => sum + value, 0) / (texts.length || 1);
  const first = ranks.filter((rank) => rank === 1).length;
  const nameOf = (i: number): string => (ends[i] === 1 ? t.use.end : `“${visible(texts[i])}”`);
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
        <Figure name={words.perCharacter} value={fixed(per, 3)} id="bits-a-character" />
        <Figure name={words.total} value={totalBits.toFixed(1)} id="total-bits" />
        <Figure name={words.entropy} value={expected.toFixed(3)} id="expected-bits" />
        <Figure name={words.uniform} value={found.uniformBits.toFixed(3)} id="uniform-bits" />
        <Figure name={words.perplexity} value={fixed(2 ** per, 2)} id="perplexity" />
        <Figure
          name={words.firstGuess}
          value={known === 0 ? '–' : format.percent(first / known)}
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

/** A figure with so many digits after the point; nothing where the model knows no character. */
const fixed = (value: number, digits: number): string =>
  Number.isNaN(value) ? '–' : value.toFixed(digits);

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
  readonly found: FoundSurprise;
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
          <TableHead titles={[words.part, words.bits, words.expected, words.rank]} />
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
