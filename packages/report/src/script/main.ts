// The script of a page: its plots answer to pointer and keyboard, its tables can be sorted. The page is whole without it.
import { LivePlot } from './live-plot.js';
import { makeSortable } from './tables.js';

const plots = [...document.querySelectorAll<HTMLElement>('[data-plot]')].map(
  (section) => new LivePlot(section),
);
for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) {
  makeSortable(table, (run) => {
    for (const plot of plots) plot.focusRun(run);
  });
}
document.documentElement.classList.add('live');
