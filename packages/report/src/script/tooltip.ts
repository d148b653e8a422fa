import type { PlotData } from '../plot/lines.js';
import type { PlotPoint } from '../plot/nearest.js';
import { exact } from '../plot/numbers.js';
import { element } from './elements.js';

/** Lines whose values are shown at once. */
const MOST = 9;

/** The values beside a pointer. */
export class Tooltip {
  readonly element = element('div', { class: 'tip', hidden: '' });

  /** Shows the values of some lines, those nearest to one of them. */
  show({ lines }: PlotData, found: PlotPoint, points: readonly PlotPoint[]): void {
    const near = [...points]
      .sort((a, b) => Math.abs(a.pixelY - found.pixelY) - Math.abs(b.pixelY - found.pixelY))
      .slice(0, MOST)
      .sort((a, b) => a.pixelY - b.pixelY);
    const rows = near.map(({ line, x, y }) => {
      const { name, colour } = lines[line];
      const mark = element('i', { style: `background:${colour}` });
      const row = element(
        'li',
        {},
        mark,
        element('span', {}, x === found.x ? name : `${name}, step ${exact(x)}`),
        element('b', {}, exact(y)),
      );
      if (line === found.line && points.length > 1) row.className = 'on';
      return row;
    });
    const more = points.length - near.length;
    const rest = more > 0 ? [element('li', { class: 'more' }, `and ${more} more`)] : [];
    this.element.replaceChildren(
      element('p', {}, `step ${exact(found.x)}`),
      element('ul', {}, ...rows, ...rest), // bounded: nine, and one
    );
    this.element.hidden = false;
  }

  /** What is said of a point. */
  words({ lines }: PlotData, { line, x, y }: PlotPoint): string {
    return `${lines[line].name}, step ${exact(x)}: ${exact(y)}`;
  }

  /** Beside a place, within a width. */
  moveTo(x: number, y: number, width: number): void {
    const { style, offsetWidth, offsetHeight } = this.element;
    const left = x + 14 + offsetWidth > width ? x - 14 - offsetWidth : x + 14;
    style.left = `${Math.max(left, 0)}px`;
    style.top = `${Math.max(y - offsetHeight / 2, 0)}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
