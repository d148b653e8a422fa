/** Width and height of a chart in CSS pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Every chart has the page's colours and fonts, so that dark mode changes them too. */
const CONFIG = {
  background: null,
  font: 'inherit',
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    gridColor: 'var(--line)',
    labelColor: 'var(--muted)',
    labelFontSize: 11,
    labelPadding: 6,
    tickCount: 5,
    title: null,
  },
} as const;

/**
 * Draws a chart as an SVG element, without script and without colours of its own.
 *
 * @param spec - a Vega-Lite specification without size and configuration
 * @param label - for screen readers
 */
export async function drawChart(spec: object, size: ChartSize, label: string): Promise<string> {
  const { compile, parse, View } = await import('#vega');
  const autosize = { type: 'fit', contains: 'padding' };
  const { spec: compiled } = compile({ ...size, autosize, padding: 2, config: CONFIG, ...spec });
  const view = new View(parse(compiled), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const { width, height } = size;
  const head = `<svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}">`;
  // Attributes for Vega's own script, and for screen readers of each mark; one label replaces them.
  const marks = svg
    .replace(/^<svg[^>]*>/, '')
    .replaceAll(/ (?:role|class|pointer-events|aria-[a-z]+)="[^"]*"/g, '');
  return `${head}${marks}`;
}
