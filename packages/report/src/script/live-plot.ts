import { drawPlot, type DrawnPlot, type PlotView, wholeView } from '../plot/draw.js';
import type { PlotData } from '../plot/lines.js';
import { nearest, type PlotPoint, pointsAt } from '../plot/nearest.js';
import { decodePlot } from '../plot/page-data.js';
import { place, valueAt } from '../plot/scale.js';
import { type Changes, makeControls } from './controls.js';
import { element, graphic } from './elements.js';
import { makeLegend } from './legend.js';
import { Tooltip } from './tooltip.js';

/** Pixels that a pointer moves before it selects a stretch. */
const DRAG = 6;

/** A plot of the page that answers. */
export class LivePlot {
  readonly data: PlotData;
  readonly #section: HTMLElement;
  readonly #svg = graphic('svg', { tabindex: 0, role: 'application' });
  readonly #overlay = graphic('g');
  readonly #tooltip = new Tooltip();
  readonly #said = element('p', { class: 'said', 'aria-live': 'polite' });
  readonly #off = new Set<number>();
  readonly #updateControls: (view: PlotView) => void;
  #view: PlotView;
  #drawn: DrawnPlot;
  #cursor: { readonly line: number; readonly index: number } | undefined;
  #dragFrom: readonly [number, number] | undefined;

  constructor(section: HTMLElement) {
    const text = section.querySelector('script[type="application/json"]')?.textContent ?? '';
    this.data = decodePlot(text);
    this.#section = section;
    this.data.lines.forEach(({ isOff }, i) => isOff === true && this.#off.add(i));
    this.#view = { ...wholeView(this.data, [600, 300]), isOn: (line) => !this.#off.has(line) };
    const canvas = element('div', { class: 'canvas' }, this.#svg, this.#tooltip.element);
    this.#svg.setAttribute(
      'aria-label',
      `${this.data.label}. Left and right read values, up and down choose a line, plus and minus zoom, 0 shows all.`,
    );
    for (const still of section.querySelectorAll('.narrow, .wide')) still.remove();
    const { controls, update } = makeControls(this.#view, (changes) => this.change(changes));
    this.#updateControls = update;
    section.append(controls, canvas, this.#said);
    makeLegend(section, this.data, this.#off, {
      changed: () => this.change({}),
      focused: (focus) => this.change({ focus }),
    });
    this.#drawn = drawPlot(this.data, this.#view);
    this.#listen();
    new ResizeObserver(() => this.#resize(canvas)).observe(canvas);
    this.#resize(canvas);
  }

  /** Draws what a reader has changed. */
  change(changes: Changes): void {
    this.#view = { ...this.#view, ...changes };
    this.#draw();
    this.#updateControls(this.#view);
  }

  /** Draws the line of a run over the others, where there is one; nothing for none. */
  focusRun(run: number | undefined): void {
    const isThere = run !== undefined && this.#section.dataset['plot'] === 'runs';
    this.change({ focus: isThere && !this.#off.has(run) ? run : undefined });
  }

  #resize({ clientWidth }: HTMLElement): void {
    const isLarge = this.#section.dataset['size'] === 'whole';
    const width = Math.max(clientWidth, 240);
    const height = isLarge && width > 500 ? 380 : 240;
    this.change({ width, height });
  }

  #draw(): void {
    this.#drawn = drawPlot(this.data, this.#view);
    const { width, height } = this.#view;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.innerHTML = this.#drawn.content; // its texts are escaped
    this.#svg.append(this.#overlay);
  }

  #placeOf(event: MouseEvent): readonly [number, number] {
    const box = this.#svg.getBoundingClientRect();
    const scale = this.#view.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  #listen(): void {
    const svg = this.#svg;
    svg.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.#dragFrom = this.#placeOf(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener('pointermove', (event) => {
      const at = this.#placeOf(event);
      if (this.#dragFrom === undefined) this.#point(at);
      else this.#select(this.#dragFrom, at);
    });
    svg.addEventListener('pointerup', (event) => {
      const from = this.#dragFrom;
      this.#dragFrom = undefined;
      this.#overlay.replaceChildren();
      if (from !== undefined) this.#zoomTo(from, this.#placeOf(event));
    });
    svg.addEventListener('pointercancel', () => this.#leave());
    svg.addEventListener('pointerleave', () => this.#dragFrom ?? this.#leave());
    svg.addEventListener('blur', () => this.#leave());
    svg.addEventListener('dblclick', () => this.change({ x: undefined, y: undefined }));
    svg.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return; // the page scrolls
        event.preventDefault();
        this.#zoom(event.deltaY < 0 ? 0.8 : 1.25, this.#placeOf(event)[0]);
      },
      { passive: false },
    );
    svg.addEventListener('keydown', (event) => this.#key(event));
  }

  #leave(): void {
    this.#dragFrom = undefined;
    this.#overlay.replaceChildren();
    this.#tooltip.hide();
    if (this.#view.focus !== undefined) this.change({ focus: undefined });
  }

  /** Shows the values at a place. */
  #point(at: readonly [number, number]): void {
    const points = pointsAt(this.data, this.#drawn, this.#view, at[0]);
    const found = nearest(points, at);
    if (found === undefined) return this.#leave();
    this.#cursor = found;
    this.#show(found, points);
  }

  #show(found: PlotPoint, points: readonly PlotPoint[]): void {
    const isMany = points.length > 3;
    const focus = isMany ? found.line : undefined;
    if (focus !== this.#view.focus) this.change({ focus });
    const [top, bottom] = [this.#drawn.y.range[1], this.#drawn.y.range[0]];
    const guide = graphic('line', {
      x1: found.pixelX,
      x2: found.pixelX,
      y1: top,
      y2: bottom,
      stroke: 'var(--muted)',
      'stroke-dasharray': '3 3',
    });
    const dots = (isMany ? [found] : points).map(({ line, pixelX, pixelY }) =>
      graphic('circle', { cx: pixelX, cy: pixelY, r: 3.5, fill: this.data.lines[line].colour }),
    );
    this.#overlay.replaceChildren(guide);
    for (const dot of dots) this.#overlay.append(dot);
    const scale = this.#svg.getBoundingClientRect().width / this.#view.width;
    this.#tooltip.show(this.data, found, points);
    this.#tooltip.moveTo(found.pixelX * scale, found.pixelY * scale, this.#view.width * scale);
  }

  #select([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
    if (Math.abs(x1 - x0) < DRAG) return;
    this.#tooltip.hide();
    const { y } = this.#drawn;
    const isBox = Math.abs(y1 - y0) > 30;
    const [top, bottom] = isBox ? [Math.min(y0, y1), Math.max(y0, y1)] : [y.range[1], y.range[0]];
    const box = {
      x: Math.min(x0, x1),
      width: Math.abs(x1 - x0),
      y: top,
      height: bottom - top,
      fill: 'var(--c1)',
      opacity: 0.15,
    };
    this.#overlay.replaceChildren(graphic('rect', box));
  }

  #zoomTo([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
    if (Math.abs(x1 - x0) < DRAG) return;
    const { x, y } = this.#drawn;
    const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)].map((pixel) => valueAt(x, pixel));
    const isBox = Math.abs(y1 - y0) > 30;
    const [low, high] = [Math.max(y0, y1), Math.min(y0, y1)].map((pixel) => valueAt(y, pixel));
    this.change({ x: [left, right], focus: undefined, ...(isBox && { y: [low, high] }) });
  }

  /** Shows more or less of the steps around a place. */
  #zoom(factor: number, pixel: number): void {
    const { x } = this.#drawn;
    const [from, to] = x.range;
    const edges = [from, to].map((edge) => valueAt(x, pixel + (edge - pixel) * factor));
    if (edges.every(Number.isFinite) && edges[1] > edges[0])
      this.change({ x: [edges[0], edges[1]] });
  }

  #key(event: KeyboardEvent): void {
    const on = this.data.lines.flatMap(({ xs }, i) =>
      this.#off.has(i) || xs.length === 0 ? [] : [i],
    );
    if (on.length === 0) return;
    const { line, index } = this.#cursor ?? { line: on[0], index: 0 };
    const order = Math.max(on.indexOf(line), 0);
    const last = this.data.lines[on[order]].xs.length - 1;
    const steps: Readonly<Record<string, () => readonly [line: number, index: number] | void>> = {
      ArrowLeft: () => [order, index - 1],
      ArrowRight: () => [order, index + 1],
      Home: () => [order, 0],
      End: () => [order, last],
      ArrowUp: () => [order - 1, index],
      ArrowDown: () => [order + 1, index],
      '+': () => this.#zoom(0.7, this.#cursorPixel()),
      '-': () => this.#zoom(1 / 0.7, this.#cursorPixel()),
      '0': () => this.change({ x: undefined, y: undefined }),
      Escape: () => this.change({ x: undefined, y: undefined }),
    };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const moved = step();
    if (moved !== undefined) this.#read(on[(moved[0] + on.length) % on.length], moved[1]);
  }

  #cursorPixel(): number {
    const { x } = this.#drawn;
    const { line, index } = this.#cursor ?? { line: 0, index: 0 };
    return this.#cursor === undefined
      ? (x.range[0] + x.range[1]) / 2
      : place(x, this.data.lines[line].xs[index]);
  }

  /** Shows a point that the keyboard chose, and says it. */
  #read(line: number, wanted: number): void {
    const { xs } = this.data.lines[line];
    const index = Math.min(Math.max(wanted, 0), xs.length - 1);
    this.#cursor = { line, index };
    const points = pointsAt(this.data, this.#drawn, this.#view, place(this.#drawn.x, xs[index]));
    const found = points.find((point) => point.line === line);
    if (found === undefined) return;
    this.#show(found, points);
    this.#said.textContent = this.#tooltip.words(this.data, found);
  }
}
