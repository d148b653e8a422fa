import type { Pen } from '../../charts/canvas.js';
import type { TreeLook } from '../../looks.js';
import { type Cell, Explorable } from '../../parts/explorable.js';
import { largest } from '../../parts/matrix.js';
import { number, visible } from '../../parts/visible.js';
import { t } from '../../strings/index.js';

/** A node of a tree. */
export interface NodeAt {
  readonly level: number;
  readonly node: number;
}

/** Properties of {@link TreePicture}. */
export interface TreePictureProps {
  readonly tree: TreeLook;
  /** Which of its rows, a window where there are some. */
  readonly row: number;
  /** The tokens at its bottom. */
  readonly texts: readonly string[];
  readonly chosen: NodeAt;
  readonly onChoose: (node: NodeAt) => void;
}

/** Pixels of a level, and of a node in it. */
const [LEVEL, NODE] = [64, 36];

/** Nodes with their channels as shades, level upon level, and lines to what each reads. */
export function TreePicture({ tree, row, texts, chosen, onChoose }: TreePictureProps) {
  const { levels, kind } = tree;
  const top = levels.length - 1;
  const height = levels.length * LEVEL + 14;
  const within = ({ row: line, column }: Cell): Cell => {
    const level = Math.max(0, Math.min(top, line));
    return { row: level, column: Math.max(0, Math.min(levels[top - level].nodes - 1, column)) };
  };
  return (
    <Explorable
      label={t.inside.tree.label(kind)}
      height={height}
      hint={t.inside.tree.reset}
      draw={(pen, at) =>
        draw(pen, { tree, row, texts, chosen }, at && { level: top - at.row, node: at.column })
      }
      hit={(x, y, width) => {
        const line = Math.floor(y / LEVEL);
        if (line < 0 || line > top) return undefined;
        const { nodes } = levels[top - line];
        const column = Math.floor((x / width) * nodes);
        return column >= 0 && column < nodes ? { row: line, column } : undefined;
      }}
      has={({ row: line, column }) => column < (levels.at(top - line)?.nodes ?? 0)}
      move={(at, across, down) => {
        const from = at ?? { row: top - chosen.level, column: chosen.node };
        if (down === 0) return within({ row: from.row, column: from.column + across });
        const next = within({ row: from.row + down, column: 0 });
        const share = (from.column + 0.5) / levels[top - from.row].nodes;
        return within({ row: next.row, column: Math.floor(share * levels[top - next.row].nodes) });
      }}
      describe={(at) => describe(tree, row, texts, { level: top - at.row, node: at.column })}
      onPick={(at) => onChoose({ level: top - at.row, node: at.column })}
    />
  );
}

/** Nodes as they are written: `2, 3`, `0 to 15`. */
export function listOf(nodes: readonly number[]): string {
  const isRange = nodes.length > 3 && nodes.every((node, i) => node === nodes[0] + i);
  return isRange ? t.inside.upTo(nodes[0], nodes[nodes.length - 1]) : nodes.join(', ');
}

function describe(
  { levels }: TreeLook,
  row: number,
  texts: readonly string[],
  { level, node }: NodeAt,
): string {
  const { nodes, channels, values, reads } = levels[level];
  const first = (row * nodes + node) * channels;
  const own = values.subarray(first, first + channels);
  const range = t.inside.tree.range(number(Math.min(...own)), number(Math.max(...own))); // bounded: channels
  const name =
    level === 0
      ? t.inside.tree.token(node, visible(texts.at(node) ?? ''))
      : t.inside.tree.node(level, node, listOf(reads[row][node]));
  return `${name}; ${range}`;
}

function draw(
  { context, width, color }: Pen,
  { tree: { levels }, row, texts, chosen }: Omit<TreePictureProps, 'onChoose'>,
  at: NodeAt | undefined,
): void {
  const top = levels.length - 1;
  const placeX = (level: number, node: number): number =>
    ((node + 0.5) / levels[level].nodes) * width;
  const placeY = (level: number): number => (top - level) * LEVEL + 4;
  const read = readBy(levels, row, at ?? chosen);
  for (const isRead of [false, true]) {
    context.strokeStyle = color(isRead ? 'accent' : 'line');
    context.lineWidth = isRead ? 1.5 : 1;
    context.beginPath();
    for (let level = 1; level <= top; level++) {
      for (const [node, below] of levels[level].reads[row].entries()) {
        if (read[level].has(node) !== isRead) continue;
        for (const from of below) {
          context.moveTo(placeX(level, node), placeY(level) + NODE);
          context.lineTo(placeX(level - 1, from), placeY(level - 1));
        }
      }
    }
    context.stroke();
  }
  for (const [level, { nodes, channels, values }] of levels.entries()) {
    const wide = Math.min(nodes === 1 ? 220 : 64, (width / nodes) * 0.86);
    const first = row * nodes * channels;
    const most = largest(values, first, nodes * channels);
    for (let node = 0; node < nodes; node++) {
      const box = { x: placeX(level, node) - wide / 2, y: placeY(level), wide };
      const own = values.subarray(first + node * channels, first + (node + 1) * channels);
      drawChannels(context, box, own, {
        most,
        colors: [color('series-2'), color('accent')],
        back: color('raised'),
      });
      const isMarked = at?.level === level && at.node === node;
      const isChosen = chosen.level === level && chosen.node === node;
      context.strokeStyle = color(
        isMarked || isChosen ? 'text' : read[level].has(node) ? 'accent' : 'line',
      );
      context.lineWidth = isMarked || isChosen ? 2 : 1;
      context.strokeRect(box.x, box.y, wide, NODE);
    }
  }
  context.fillStyle = color('text');
  context.font = '13px ui-monospace, monospace';
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const [node, text] of texts.entries()) {
    context.fillText(visible(text), placeX(0, node), placeY(0) + NODE + 4, width / texts.length);
  }
}

/** What is drawn of a node's channels. */
interface Shades {
  readonly most: number;
  readonly colors: readonly [negative: string, positive: string];
  readonly back: string;
}

function drawChannels(
  context: CanvasRenderingContext2D,
  { x, y, wide }: { readonly x: number; readonly y: number; readonly wide: number },
  values: Float32Array,
  { most, colors, back }: Shades,
): void {
  const across = Math.max(
    1,
    Math.min(values.length, Math.round(Math.sqrt((values.length * wide) / NODE))),
  );
  const down = Math.ceil(values.length / across);
  context.fillStyle = back;
  context.fillRect(x, y, wide, NODE);
  for (const [i, value] of values.entries()) {
    context.globalAlpha = Math.min(1, Math.abs(value) / (most || 1));
    context.fillStyle = colors[value < 0 ? 0 : 1];
    const [column, line] = [i % across, Math.floor(i / across)];
    context.fillRect(
      x + (column * wide) / across,
      y + (line * NODE) / down,
      wide / across,
      NODE / down,
    );
  }
  context.globalAlpha = 1;
}

/** By level, all nodes that a node reads, directly or through others, and itself. */
function readBy(levels: TreeLook['levels'], row: number, { level, node }: NodeAt): Set<number>[] {
  const read = levels.map(() => new Set<number>());
  read[level].add(node);
  for (let at = level; at > 0; at--) {
    for (const one of read[at])
      for (const below of levels[at].reads[row][one]) read[at - 1].add(below);
  }
  return read;
}
