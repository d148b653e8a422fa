import { drawPlot, wholeView } from '../plot/draw.js';
import type { PlotData, PlotLine } from '../plot/lines.js';
import { encodePlot } from '../plot/page-data.js';
import { downsample } from '../downsample.js';
import { escapeText } from '../escape.js';
import { html, Html, type Content } from './html.js';

/** Sizes at which a chart's text is as large as the page's: a phone's width, the whole page's and half of it. */
const SIZES = { phone: [340, 230], whole: [1050, 360], half: [510, 240] } as const;

/** A plot with a heading. */
export interface Figure extends PlotData {
  /** A sentence below the heading. */
  readonly note?: string;
  /** Which lines are named above the plot; default: all, where there are two or more. */
  readonly named?: readonly number[];
  /** Of very many lines, a sentence about those that aren't named. */
  readonly rest?: string;
  /** Whether line `i` is of run `i`. Default: false. */
  readonly isOfRuns?: boolean;
}

/** Points of all lines of a plot together, drawn and given to the page's script; fewer where there are many lines. */
const MOST_POINTS = { drawn: 12_000, given: 60_000 } as const;

/** Points of a line; a screen has not many more. */
const MOST_OF_LINE = { drawn: 400, given: 2000 } as const;

/** A section with a plot, drawn for a phone and for a wide screen, and its data for the page's script. */
export function figure(one: Figure, size: 'whole' | 'half'): Html {
  const { note, named: _, rest: __, isOfRuns = false, ...plot } = one;
  const drawn = thinned(plot, 'drawn');
  const data = encodePlot(thinned(plot, 'given')).replaceAll('<', String.raw`\u003c`);
  const noted = note === undefined ? '' : html`<p class="note">${note}</p>`;
  return html`<section class="figure" data-plot="${isOfRuns ? 'runs' : 'one'}" data-size="${size}">
    <h2>${plot.label}</h2>
    ${noted}${legend(one)}
    <div class="narrow">${still(drawn, SIZES.phone)}</div>
    <div class="wide">${still(drawn, SIZES[size])}</div>
    <script type="application/json">
      ${new Html(data)}
    </script>
  </section>`;
}

/** What is drawn without a script. */
function still(plot: PlotData, size: readonly [number, number]): Html {
  const { content } = drawPlot(plot, wholeView(plot, size));
  return new Html(
    `<svg role="img" aria-label="${escapeText(plot.label)}" viewBox="0 0 ${size.join(' ')}">${content}</svg>`,
  );
}

/** Fewer points, and none that isn't finite; the point that is marked stays. */
function thinned({ lines, ...plot }: PlotData, what: 'drawn' | 'given'): PlotData {
  const each = Math.floor(MOST_POINTS[what] / Math.max(lines.length, 1));
  const most = Math.min(MOST_OF_LINE[what], Math.max(each, 30));
  const fewer = lines.map((line): PlotLine => {
    const all = line.ys.flatMap((y, i) =>
      Number.isFinite(y) && Number.isFinite(line.xs[i]) ? [i] : [],
    );
    const kept = downsample(all, most);
    return { ...line, xs: kept.map((i) => line.xs[i]), ys: kept.map((i) => line.ys[i]) };
  });
  return { ...plot, lines: fewer };
}

/** Empty for a single line, which needs no name. */
function legend({ lines, named = [...lines.keys()], rest }: Figure): Content {
  if (lines.length < 2 || named.length === 0) return '';
  const entries = named.map(
    (i) =>
      html`<li data-line="${i}" class="${lines[i].isOff === true ? 'off' : ''}">
        ${swatch(lines[i])}<span>${lines[i].name}</span>
      </li>`,
  );
  const others = rest === undefined ? '' : html`<li class="rest">${rest}</li>`;
  return html`<ul class="legend ${named.length > 12 ? 'many' : ''}">
    ${entries}${others}
  </ul>`;
}

/** A line as it is drawn, for a legend or a table. */
export function swatch({
  colour,
  dash,
  style = 'line',
}: Pick<PlotLine, 'colour' | 'dash' | 'style'>): Html {
  const dashed = dash === undefined ? '' : html` stroke-dasharray="${dash}"`;
  const width = style === 'strong' ? 4 : 2.2;
  const opacity = style === 'faint' || style === 'muted' ? 0.45 : 1;
  return html`<svg class="swatch" width="26" height="8" aria-hidden="true">
    <line
      x1="0"
      x2="26"
      y1="4"
      y2="4"
      stroke="${colour}"
      stroke-width="${width}"
      opacity="${opacity}"
      ${dashed}
    />
  </svg>`;
}
