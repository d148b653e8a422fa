import { html, Html, type Content } from './html.js';
import { STYLE } from './style.js';

/** A whole page: everything it needs is in it, and none of it is script. */
export function page(title: string, content: Content): string {
  const document: Html = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
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
