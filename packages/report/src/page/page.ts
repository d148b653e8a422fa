import { DARK, LIGHT } from '../pictures/picture.js';
import { html, Html, type Content } from './html.js';

/** A whole page, self-contained and without script. */
export function page(title: string, content: Content): string {
  const document: Html = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${content}</main>
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
h1, th, td, .names b, .names i, .legend li { unicode-bidi: isolate; }
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
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(138px, 1fr)); gap: 12px; margin: 0 0 16px; }
.tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 12px 16px; }
.tiles dt { color: var(--muted); font-size: 0.8125rem; }
.tiles dd { margin: 0; font-size: 1.45rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.tiles small { display: block; color: var(--muted); font-size: 0.8125rem; font-weight: 400; letter-spacing: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); gap: 16px; margin: 0 0 16px; }
.charts > section { margin: 0; }
.figure { display: flex; flex-direction: column; }
.figure > div { margin-top: auto; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 0 0 8px; padding: 0; font-size: 0.875rem; color: var(--muted); }
.legend li::before { content: ''; display: inline-block; width: 14px; height: 3px; border-radius: 2px; background: var(--c); margin-right: 7px; vertical-align: 0.25em; }
.legend .faint::before { opacity: 0.4; }
.wide { display: none; }
@media (min-width: 760px) { .wide { display: block; } .narrow { display: none; } }
.names { font-size: 0.9375rem; }
.names > div { display: grid; grid-template-columns: 4.6rem 1fr; padding: 5px 0; border-top: 1px solid var(--line); }
.names > div:first-of-type { border-top: 0; }
.names b { color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.names span { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.4rem, 1fr)); gap: 0 10px; }
.names i { font-style: normal; overflow-wrap: anywhere; }
@media (max-width: 560px) { .names > div { grid-template-columns: 1fr; } .names b { font-size: 0.8125rem; } }
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
.dot::before { content: ''; display: inline-block; width: 10px; height: 10px; border-radius: 50%; background: var(--c); margin-right: 8px; }
.worst { color: var(--c5); }
@media print { body { background: none; } section, .tiles > div { break-inside: avoid; } }
`;
