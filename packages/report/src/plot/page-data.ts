import type { PlotData, PlotLine } from './lines.js';

/** A plot as it stands in a page, for the script there. */
interface PagePlot extends Omit<PlotData, 'lines'> {
  /** The steps of the lines, each list once. */
  readonly steps: readonly (readonly number[])[];
  readonly lines: readonly (Omit<PlotLine, 'xs'> & { readonly xs: number })[];
}

/** Six digits are more than a screen shows. */
const rounded = (value: number): number => Number(value.toPrecision(6));

/** A plot as JSON for a page: many runs have the same steps, which stand there once. */
export function encodePlot({ lines, ...plot }: PlotData): string {
  const numbers = new Map<string, number>();
  const steps: (readonly number[])[] = [];
  const encoded = lines.map(({ xs, ys, ...line }) => {
    const key = xs.join();
    const known = numbers.get(key);
    const place = known ?? steps.push(xs) - 1;
    if (known === undefined) numbers.set(key, place);
    return { ...line, xs: place, ys: ys.map(rounded) };
  });
  return JSON.stringify({ ...plot, steps, lines: encoded } satisfies PagePlot);
}

/** The plot of such a text. */
export function decodePlot(text: string): PlotData {
  const { steps, lines, ...plot } = JSON.parse(text) as PagePlot;
  return { ...plot, lines: lines.map((line) => Object.assign(line, { xs: steps[line.xs] })) };
}
