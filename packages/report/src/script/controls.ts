import type { PlotView } from '../plot/draw.js';
import { element } from './elements.js';

/** What is changed of how a plot is looked at. */
export type Changes = Partial<Omit<PlotView, 'isOn'>>;

/** The controls of a plot. */
interface Controls {
  readonly controls: HTMLElement;
  /** Shows how a plot is looked at now. */
  readonly update: (view: PlotView) => void;
}

/** Axes, smoothing and the way back, for one plot. */
export function makeControls(view: PlotView, change: (changes: Changes) => void): Controls {
  const toggle = (text: string, changed: (isOn: boolean) => void): HTMLInputElement => {
    const box = element('input', { type: 'checkbox' });
    box.addEventListener('change', () => changed(box.checked));
    controls.append(element('label', {}, box, text));
    return box;
  };
  const controls = element('div', { class: 'controls' });
  const x = toggle('log steps', (isXLog) => change({ isXLog, x: undefined }));
  const y = toggle('log values', (isYLog) => change({ isYLog, y: undefined }));
  const slider = element('input', {
    type: 'range',
    min: '0',
    max: '0.99',
    step: '0.01',
    value: '0',
  });
  const shown = element('output', {}, '0');
  slider.addEventListener('input', () => change({ smoothing: Number(slider.value) }));
  controls.append(element('label', {}, 'smoothing', slider, shown));
  const all = element(
    'button',
    { type: 'button', title: 'drag over a stretch to see it alone' },
    'show all',
  );
  all.addEventListener('click', () => change({ x: undefined, y: undefined }));
  controls.append(all);
  const update = ({ isXLog, isYLog, smoothing, ...zoom }: PlotView): void => {
    [x.checked, y.checked] = [isXLog, isYLog];
    shown.textContent = String(smoothing);
    all.disabled = zoom.x === undefined && zoom.y === undefined;
  };
  update(view);
  return { controls, update };
}
