import { DARK, LIGHT } from '../pictures/picture.js';
import { hash, script } from '#page-script';
import { html, Html, type Content } from './html.js';

/**
 * A whole page in one file. Where something in it answers, it has one script, which its policy names by the hash: no other can run.
 */
export function page(title: string, content: Content): string {
  const main = html`<main>${content}</main>`;
  const answers = /<[^>]* data-(?:plot|sortable)\b/.test(main.markup);
  const policy = answers ? `; script-src '${hash}'` : '';
  const document: Html = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'${new Html(policy)}"
        />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${main}${answers ? new Html(`\n        <script>${script}</script>`) : ''}
      </body>
    </html> `;
  return document.markup;
}

/** The style of the page and, through variables, of its charts. */
const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --card: #ffffff; ${LIGHT}
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #14161a; --card: #1c1f25; ${DARK} }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 28px 16px 64px; }
header { margin: 0 0 20px; }
h1, th, td, dd, .names b, .names i, .legend li, .best-run h2 { unicode-bidi: isolate; }
h1 { font-size: 1.7rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; letter-spacing: -0.005em; margin: 0 0 2px; }
p { margin: 0; }
.muted, header p { color: var(--muted); }
.note { color: var(--muted); font-size: 0.875rem; margin: 0 0 10px; }
section, .card {
  background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 16px 18px; margin: 0 0 16px; min-width: 0;
}
svg { display: block; width: 100%; height: auto; font-family: inherit; overflow: visible; }
svg svg { overflow: hidden; width: auto; height: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(138px, 1fr)); gap: 12px; margin: 0 0 16px; }
.tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 12px 16px; }
.tiles dt { color: var(--muted); font-size: 0.8125rem; }
.tiles dd { margin: 0; font-size: 1.3rem; line-height: 1.35; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; overflow-wrap: anywhere; }
.tiles small { display: block; color: var(--muted); font-size: 0.8125rem; font-weight: 400; letter-spacing: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); gap: 16px; margin: 0 0 16px; }
.charts > section { margin: 0; }
.figure { display: flex; flex-direction: column; }
.figure > div { margin-top: auto; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 0 0 8px; padding: 0; font-size: 0.875rem; color: var(--muted); }
.legend.many { max-height: 6.6rem; overflow-y: auto; gap: 0 14px; font-size: 0.8125rem; }
.legend li { overflow-wrap: anywhere; }
.legend .off { display: none; }
.live .legend .off { display: list-item; }
svg.swatch { display: inline-block; width: 26px; height: 8px; margin-right: 7px; vertical-align: 0.1em; flex: none; }
button, .controls label { font: inherit; color: inherit; }
button { background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; border-radius: 4px; }
.legend button[aria-pressed='false'] { opacity: 0.45; }
.legend button[aria-pressed='false'] span { text-decoration: line-through; }
:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
.sort:hover, .legend button:hover { color: var(--ink); }
[aria-sort] .sort::after { content: ' ▾'; }
[aria-sort='ascending'] .sort::after { content: ' ▴'; }
.controls { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; font-size: 0.8125rem; color: var(--muted); margin: 0 0 6px; }
.controls label { display: inline-flex; align-items: center; gap: 6px; }
.controls input { accent-color: var(--c1); margin: 0; }
.controls input[type='range'] { width: 90px; }
.controls output { min-width: 2.2em; font-variant-numeric: tabular-nums; }
.controls button { border: 1px solid var(--line); padding: 1px 9px; }
.controls button:disabled { opacity: 0.4; cursor: default; }
.figure > .canvas { margin-top: auto; position: relative; }
.canvas svg:focus { outline: none; }
.canvas svg:focus-visible { outline: 2px solid var(--c1); }
.canvas svg { cursor: crosshair; touch-action: pan-y; border-radius: 6px; user-select: none; -webkit-user-select: none; }
.tip { width: max-content; position: absolute; z-index: 1; pointer-events: none; background: var(--card); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 2px 12px rgb(0 0 0 / 0.18); padding: 6px 10px; font-size: 0.8125rem; max-width: min(26rem, 90%); }
.tip[hidden] { display: none; }
.tip p { color: var(--muted); }
.tip ul { list-style: none; margin: 2px 0 0; padding: 0; }
.tip li { display: grid; grid-template-columns: 10px 1fr auto; gap: 8px; align-items: center; color: var(--muted); }
.tip li.on { color: var(--ink); font-weight: 600; }
.tip li.more { display: block; }
.tip i { height: 3px; border-radius: 2px; }
.tip span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; unicode-bidi: isolate; }
.tip b { font-weight: inherit; font-variant-numeric: tabular-nums; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.best-run { border-color: var(--c2); border-left-width: 6px; }
.best-run h2 { font-size: 1.45rem; overflow-wrap: anywhere; }
.best-run dl { display: flex; flex-wrap: wrap; gap: 6px 30px; margin: 8px 0 0; }
.best-run dt { color: var(--muted); font-size: 0.8125rem; }
.best-run dd { margin: 0; font-size: 1.3rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.best-run small { color: var(--muted); font-size: 0.8125rem; font-weight: 400; margin-left: 8px; }
tr.best > * { background: color-mix(in srgb, var(--c2) 14%, transparent); }
tr.best th, tr.best td { color: var(--ink); font-weight: 600; }
.star { color: var(--c2); }
[data-sortable] tbody tr:hover > * { background: color-mix(in srgb, var(--c1) 12%, transparent); }
.tall { max-height: 34rem; overflow-y: auto; }
.tall thead th { position: sticky; top: 0; background: var(--card); border-bottom: 1px solid var(--line); }
.bars td:nth-child(2) { width: 70%; vertical-align: middle; }
.bars td:last-child { white-space: nowrap; padding: 5px 0 5px 10px; }
.bars i { display: block; height: 12px; border-radius: 3px; background: var(--c1); min-width: 1px; }
.parallel path:hover { stroke-width: 5px; opacity: 1; }
.small-plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr)); gap: 12px; }
.small-plots figure { margin: 0; min-width: 0; }
figcaption { font-size: 0.8125rem; color: var(--muted); overflow-wrap: anywhere; unicode-bidi: isolate; }
.wide { display: none; }
@media (min-width: 760px) { .wide { display: block; } .narrow { display: none; } }
.names { font-size: 0.9375rem; }
.names > div { display: grid; grid-template-columns: 4.6rem 1fr; padding: 5px 0; border-top: 1px solid var(--line); }
.names > div:first-of-type { border-top: 0; }
.names.of-runs > div { grid-template-columns: minmax(7rem, 14rem) 1fr; }
.names b { color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.names span { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.4rem, 1fr)); gap: 0 10px; }
.names i { font-style: normal; overflow-wrap: anywhere; }
@media (max-width: 560px) { .names > div, .names.of-runs > div { grid-template-columns: 1fr; } .names b { font-size: 0.8125rem; } }
.split { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); align-items: start; }
.split > section { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
th, td { text-align: left; vertical-align: top; padding: 5px 14px 5px 0; border-top: 1px solid var(--line); font-weight: 400; }
tr:first-child > * { border-top: 0; }
th { color: var(--muted); white-space: nowrap; }
td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.scroll td, .scroll th { white-space: nowrap; }
code { font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@media print { body { background: none; } section, .tiles > div { break-inside: avoid; } }
`;
