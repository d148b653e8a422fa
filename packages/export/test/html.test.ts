// A model in a page: what is filled in is data, whatever it holds.
import { ExportError, exportHtml } from '@llm101/export';
import { describe, expect, it } from 'vitest';

const page =
  '<title>%llm101:title%</title><script type="application/json" id="data-name">%llm101:name%</script><script type="text/plain" id="data-model">%llm101:model%</script><p>after</p>';

const partsOf = (file: Uint8Array) => {
  const text = new TextDecoder().decode(file);
  const [, title = '', name = '', model = '', after] =
    /^<title>(.*?)<\/title><script [^>]*>(.*?)<\/script><script [^>]*>(.*?)<\/script>(.*)$/s.exec(
      text,
    ) ?? [];
  return { title, name, model, after };
};

describe('exportHtml', () => {
  it('puts the bytes of a model into the page, as base64', () => {
    for (let length = 0; length < 9; length++) {
      const model = Uint8Array.from({ length }, (_, i) => (i * 89 + 250) % 256);
      const parts = partsOf(exportHtml(model, { page, name: 'a run' }));
      expect(parts).toEqual({
        title: 'a run',
        name: '"a run"',
        model: Buffer.from(model).toString('base64'),
        after: '<p>after</p>',
      });
    }
  });

  it('keeps a name what it is, and no part of the page', () => {
    const names = [
      '</script><script>alert(1)</script>',
      '<!-- <script>',
      '</title><img src=x onerror=alert(1)>',
      '$& $1 $$ %llm101:name% %llm101:model%',
      'é 日本 🙂 "\\ \u2028 &lt;',
    ];
    for (const name of names) {
      const parts = partsOf(exportHtml(Uint8Array.of(1), { page, name }));
      expect(parts.title).not.toMatch(/[<>]/);
      expect(parts.name).not.toContain('<');
      expect(JSON.parse(parts.name)).toBe(name);
      expect([parts.model, parts.after]).toEqual(['AQ==', '<p>after</p>']);
    }
  });

  it('refuses a model that is too large for a browser, and another page', () => {
    const large = new Uint8Array(200_000_001);
    expect(() => exportHtml(large, { page, name: '' })).toThrow(ExportError);
    expect(() => exportHtml(large, { page, name: '' })).toThrow(
      "the model's file may have 200,000,000 bytes, as more is too much for a browser; it has 200,000,001",
    );
    const other = page.replace('%llm101:model%', '');
    expect(() => exportHtml(Uint8Array.of(1), { page: other, name: '' })).toThrow(
      'the page must have %llm101:title%, %llm101:name%, %llm101:model%; got none of %llm101:model%',
    );
  });
});
