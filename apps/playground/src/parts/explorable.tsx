import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Canvas, type Pen } from '../charts/canvas.js';

/** A cell of a picture. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Properties of {@link Explorable}. */
export interface ExplorableProps {
  readonly label: string;
  readonly height: number;
  /** Draws all of it, the cell that is pointed at marked. */
  readonly draw: (pen: Pen, at: Cell | undefined) => void;
  /** The cell at a place of the picture. */
  readonly hit: (x: number, y: number, width: number) => Cell | undefined;
  /** Whether there is such a cell: what is shown may have fewer than before. */
  readonly has: (at: Cell) => boolean;
  /** The cell beside one, by an arrow key; from nothing the first. */
  readonly move: (at: Cell | undefined, across: number, down: number) => Cell;
  /** What is said of a cell. */
  readonly describe: (at: Cell) => string;
  /** Said where no cell is pointed at. */
  readonly hint: string;
  /** Clicked, or come to by the keyboard. */
  readonly onPick?: (at: Cell) => void;
}

/** A picture of cells whose values are shown where one points, or goes by the arrow keys. */
export function Explorable(props: ExplorableProps) {
  const { label, height, draw, hit, has, move, describe, hint, onPick } = props;
  const at = useSignal<Cell | undefined>(undefined);
  const width = useRef(0);
  const said = useSignal('');
  const onKey = (event: KeyboardEvent): void => {
    const step = KEYS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = move(there(at.value), step[0], step[1]);
    at.value = next;
    said.value = describe(next);
    onPick?.(next);
  };
  const there = (one: Cell | undefined): Cell | undefined => (one && has(one) ? one : undefined);
  const shown = there(at.value);
  return (
    <div
      class="explorable"
      role="group"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKey}
      onClick={() => {
        if (shown !== undefined) onPick?.(shown);
      }}
    >
      <Canvas
        label={label}
        height={height}
        draw={(pen) => {
          width.current = pen.width;
          draw(pen, there(at.value));
        }}
        onPointer={(x, y) => {
          if (x === undefined) at.value = undefined;
          else {
            const next = hit(x, y, width.current);
            if (!isSame(next, at.peek())) at.value = next;
          }
        }}
      />
      <p class="cell">
        {shown === undefined ? <span class="quiet">{hint}</span> : describe(shown)}
      </p>
      {/* Said when one comes to a cell; not whenever its value changes, which would drown a screen reader. */}
      <p class="unseen" aria-live="polite">
        {said.value}
      </p>
    </div>
  );
}

const isSame = (a: Cell | undefined, b: Cell | undefined): boolean =>
  a?.row === b?.row && a?.column === b?.column;

const KEYS: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};
