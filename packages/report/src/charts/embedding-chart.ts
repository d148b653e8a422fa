import { principalComponents } from '../principal-components.js';
import type { Embedding } from '../run-data.js';
import { drawChart, type ChartSize } from './chart.js';

const VOWELS = new Set('aeiouyAEIOUY');

/** The symbols of an embedding where PCA puts them, both axes to the same scale. */
export function embeddingChart({ symbols, vectors }: Embedding, size: ChartSize): Promise<string> {
  const { points, explained } = principalComponents(vectors);
  const values = points.map(([x, y], i) => {
    const symbol = symbols[i];
    return { x, y, symbol, isVowel: VOWELS.has(symbol) };
  });
  const reach = 1.08 * Math.max(1e-6, ...points.flat().map(Math.abs));
  const position = (field: string, unit: number, share: number): object => ({
    field,
    type: 'quantitative',
    scale: { domain: [-reach * unit, reach * unit], nice: false, zero: false },
    axis: axis(share),
  });
  const [wide, high] =
    size.width > size.height ? [size.width / size.height, 1] : [1, size.height / size.width];
  const spec = {
    data: { values },
    mark: { type: 'text', fontSize: 15, fontWeight: 600 },
    encoding: {
      x: position('x', wide, explained[0]),
      y: position('y', high, explained[1]),
      text: { field: 'symbol', type: 'nominal' },
      color: { condition: { test: 'datum.isVowel', value: 'var(--c2)' }, value: 'var(--c1)' },
    },
  };
  return drawChart(spec, size, 'The embedding of each symbol in two dimensions');
}

function axis(share: number): object {
  return {
    title: `${Math.round(100 * share)} % of the variance`,
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal',
    labels: false,
    tickCount: 6,
  };
}
