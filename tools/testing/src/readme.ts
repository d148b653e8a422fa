import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, vi } from 'vitest';

/** A fenced `ts` block of a Markdown file and what the `text` block right after it says it prints. */
export interface Snippet {
  readonly code: string;
  /** `undefined` when no `text` block follows: then only its running is checked. */
  readonly output: string | undefined;
}

/** The `ts` snippets of a Markdown text, in order. A block marked `ts no-run` is left out. */
export function readmeSnippets(markdown: string): Snippet[] {
  const blocks = [...markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1].trim(),
    body: match[2],
    start: match.index,
    end: match.index + match[0].length,
  }));
  return blocks.flatMap(({ language, body, end }, i) => {
    if (language !== 'ts') return [];
    const next = blocks.at(i + 1);
    const follows = next?.language === 'text' && !markdown.slice(end, next.start).includes('\n#');
    return [{ code: body, output: follows ? next.body.trimEnd() : undefined }];
  });
}

/**
 * Runs each `ts` snippet of `<packageRoot>/<file>` as a module of its own and compares what it logs with the
 * `text` block that follows it.
 */
export async function runReadme(packageRoot: string, file = 'README.md'): Promise<void> {
  const snippets = readmeSnippets(readFileSync(join(packageRoot, file), 'utf8'));
  expect(snippets.length, `${file} has no \`\`\`ts snippet`).toBeGreaterThan(0);
  const folder = join(packageRoot, 'dist', '.readme', file.replaceAll(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    for (const [i, { code, output }] of snippets.entries()) {
      log.mockClear();
      const path = join(folder, `snippet-${process.pid}-${i}.ts`);
      writeFileSync(path, code);
      await import(/* @vite-ignore */ pathToFileURL(path).href);
      rmSync(path);
      if (output !== undefined) {
        expect(
          log.mock.calls
            .map((line) => line.join(' '))
            .join('\n')
            .trimEnd(),
        ).toBe(output);
      }
    }
  } finally {
    log.mockRestore();
  }
}
