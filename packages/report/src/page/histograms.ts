import { downsample } from '../downsample.js';
import { drawHistograms, type NamedHistogram } from '../pictures/histogram.js';
import type { RunData } from '../run-data.js';
import { html, Html, whole, type Content } from './html.js';

/** Parameters with a curve of their own; more can't be distinguished. */
const MOST_CURVES = 8;

const SIZE = { width: 510, height: 260 };

/** How parameters and their gradients were distributed when that was recorded last. */
export async function histograms({ statistics }: RunData): Promise<Content> {
  const last = statistics.at(-1);
  if (last === undefined) return '';
  const named = (kind: 'values' | 'gradient'): NamedHistogram[] =>
    Object.entries(last.parameters).flatMap(([name, { histograms: found }]) => {
      const histogram = found?.[kind];
      return histogram === undefined ? [] : [{ name, ...histogram }];
    });
  const at = `step ${whole(last.step)}`;
  const sections = [
    await section(`Parameters at ${at}`, named('values')),
    await section(`Gradients at ${at}`, named('gradient')),
  ];
  return sections.every((one) => one === '') ? '' : html`<div class="charts">${sections}</div>`;
}

async function section(title: string, all: readonly NamedHistogram[]): Promise<Content> {
  if (all.length === 0) return '';
  const series = downsample(all, MOST_CURVES);
  const chosen = all.length > series.length ? ` ${series.length} of ${all.length} are drawn.` : '';
  const svg = await drawHistograms({ label: title, series }, SIZE);
  return html`<section class="figure">
    <h2>${title}</h2>
    <p class="note">How often which value comes, each as high as its fullest bin.${chosen}</p>
    <div>${new Html(svg)}</div>
  </section>`;
}
