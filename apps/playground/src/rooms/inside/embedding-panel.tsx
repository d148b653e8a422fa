import { type Signal, signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Canvas, type Pen } from '../../charts/canvas.js';
import * as format from '../../format.js';
import type { EmbeddingLook } from '../../looks.js';
import { number, visible } from '../../parts/visible.js';
import { TableHead } from '../../parts/table-head.js';
import { run } from '../../state/runs.js';
import type { PageRun } from '../../state/run.js';
import { t } from '../../strings/index.js';
import { type Frame, withFrame } from './align.js';
import { Looked } from './looked.js';

/** What was seen of each run, by table: kept while the page is open, so that one sees how they moved. */
const seen = new WeakMap<PageRun, Map<string, Signal<readonly Frame[]>>>();

const trails = signal(true);

function framesOf(one: PageRun, table: string): Signal<readonly Frame[]> {
  let tables = seen.get(one);
  if (tables === undefined) seen.set(one, (tables = new Map()));
  let frames = tables.get(table);
  if (frames === undefined) tables.set(table, (frames = signal([])));
  return frames;
}

/** Where the vectors of tokens are, and where they came from. */
export function EmbeddingPanel() {
  const table = useSignal<string | undefined>(undefined);
  const shown = run.value;
  return (
    <Looked name="embedding" input={{ table: table.value }}>
      {(look, step) =>
        shown !== undefined && (
          <Embedding
            look={look}
            step={step}
            frames={framesOf(shown, look.table)}
            onTable={(name) => {
              table.value = name;
            }}
          />
        )
      }
    </Looked>
  );
}

/** Properties of {@link Embedding}. */
interface EmbeddingProps {
  readonly look: EmbeddingLook;
  readonly step: number;
  readonly frames: Signal<readonly Frame[]>;
  readonly onTable: (name: string) => void;
}

function Embedding({ look, step, frames, onTable }: EmbeddingProps) {
  const back = useSignal(0);
  useEffect(() => {
    frames.value = withFrame(frames.peek(), step, look.points);
  }, [look]);
  const all = frames.value;
  const index = Math.max(0, all.length - 1 - back.value);
  const frame = all.at(index);
  const { symbols, channels, explained, tables, table, isCut } = look;
  const [first, second] = explained.map(format.percent);
  const texts = t.inside.embedding;
  return (
    <>
      <p class="quiet">
        {channels > 2 ? `${texts.help(channels)} ${texts.explained(first, second)}` : texts.plain}
        {isCut && ` ${texts.cut(symbols.length)}`}
      </p>
      <div class="row">
        {tables.length > 1 && (
          <label>
            {texts.which}{' '}
            <select value={table} onChange={(event) => onTable(event.currentTarget.value)}>
              {tables.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          <input
            type="checkbox"
            checked={trails.value}
            onChange={(event) => {
              trails.value = event.currentTarget.checked;
            }}
          />{' '}
          {texts.trails}
        </label>
        <label>
          {texts.when}{' '}
          <input
            type="range"
            min={0}
            max={Math.max(1, all.length - 1)}
            value={index}
            onInput={(event) => {
              back.value = all.length - 1 - Number(event.currentTarget.value);
            }}
          />{' '}
          {format.whole(frame?.step ?? step)}
        </label>
      </div>
      <Canvas
        label={texts.label}
        height={460}
        draw={(pen) => draw(pen, symbols, frames.value.slice(0, index + 1))}
      />
      <details>
        <summary>{t.inside.table}</summary>
        <table>
          <TableHead titles={texts.columns} />
          <tbody>
            {frame?.points.map(([x, y], i) => (
              <tr key={i}>
                <th scope="row">{visible(symbols[i])}</th>
                <td>{number(x)}</td>
                <td>{number(y)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** Pixels at the edges. */
const EDGE = 18;

/** Letters that English writes vowels with: they have a colour of their own, as models of names soon part them. */
const VOWELS = /^[aeiouyäöü]$/iu;

function draw(
  { context, width, height, color }: Pen,
  symbols: readonly string[],
  frames: readonly Frame[],
): void {
  const reach = frames.reduce(
    (most, { points }) =>
      points.reduce((far, [x, y]) => Math.max(far, Math.abs(x), Math.abs(y)), most),
    1e-6,
  );
  const scale = (Math.min(width, height) / 2 - EDGE) / reach;
  const across = width > height ? Math.min(1.8, width / height) : 1;
  const placeX = (x: number): number => width / 2 + x * scale * across;
  const placeY = (y: number): number => height / 2 - y * scale;
  context.strokeStyle = color('line');
  context.beginPath();
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.moveTo(width / 2, 0);
  context.lineTo(width / 2, height);
  context.stroke();
  const last = frames.at(-1);
  if (last === undefined) return;
  context.font = '600 14px ui-monospace, monospace';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [i, symbol] of symbols.entries()) {
    const shade = color(VOWELS.test(symbol) ? 'series-2' : 'accent');
    if (trails.value) {
      context.strokeStyle = shade;
      context.globalAlpha = 0.25;
      context.beginPath();
      for (const { points } of frames) context.lineTo(placeX(points[i][0]), placeY(points[i][1]));
      context.stroke();
      context.globalAlpha = 1;
    }
    const [x, y] = last.points[i];
    context.fillStyle = shade;
    context.fillText(visible(symbol), placeX(x), placeY(y));
  }
}
