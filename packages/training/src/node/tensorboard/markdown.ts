import type { RunConfig } from '../../training-event.js';

/** Names and values as a table. */
export function table(config: RunConfig): string {
  const rows = Object.entries(config).map(([name, value]) => {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    return `| ${name} | ${escape(shown)} |`;
  });
  return ['| setting | value |', '| --- | --- |', ...rows].join('\n');
}

/** Lines as they are. TensorBoard takes four spaces for code, and shows nothing in them as markup. */
export function codeBlock(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

function escape(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}
