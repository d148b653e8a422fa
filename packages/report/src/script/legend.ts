import type { PlotData } from '../plot/lines.js';
import { element } from './elements.js';

/** What a legend tells. */
interface LegendEvents {
  readonly changed: () => void;
  /** The line that the pointer is on. */
  readonly focused: (line: number | undefined) => void;
}

/**
 * Makes the entries of a legend buttons that switch their lines; twice, or with Shift, one is shown alone, and again all.
 *
 * @param off - the lines that aren't drawn, which is changed
 */
export function makeLegend(
  section: HTMLElement,
  { lines }: PlotData,
  off: Set<number>,
  { changed, focused }: LegendEvents,
): void {
  const buttons = new Map<number, HTMLButtonElement>();
  const update = (): void => {
    for (const [line, button] of buttons)
      button.setAttribute('aria-pressed', String(!off.has(line)));
    changed();
  };
  const only = (line: number): void => {
    const isAlone = !off.has(line) && off.size === lines.length - 1;
    off.clear();
    if (!isAlone) lines.forEach((_, i) => i !== line && off.add(i));
    update();
  };
  for (const entry of section.querySelectorAll<HTMLLIElement>('.legend li[data-line]')) {
    const line = Number(entry.dataset['line']);
    const button = element('button', {
      type: 'button',
      title: 'switches the line; with Shift, or twice, it is shown alone',
    });
    while (entry.firstChild !== null) button.append(entry.firstChild);
    entry.append(button);
    buttons.set(line, button);
    button.addEventListener('click', (event) => {
      if (event.shiftKey) return only(line);
      if (!off.delete(line)) off.add(line);
      focused(off.has(line) ? undefined : line);
      update();
    });
    button.addEventListener('dblclick', () => only(line));
    for (const type of ['pointerenter', 'focus'] as const) {
      button.addEventListener(type, () => focused(off.has(line) ? undefined : line));
    }
    for (const type of ['pointerleave', 'blur'] as const) {
      button.addEventListener(type, () => focused(undefined));
    }
    button.setAttribute('aria-pressed', String(!off.has(line)));
  }
}
