// Text from elsewhere on its way to a terminal.
import { describe, expect, it } from 'vitest';
import { printable, printableJson, statusLine } from '../src/node/index.js';

describe('printable', () => {
  it.each([
    ['a title', '\u001B]0;PWNED\u0007', '␛]0;PWNED␇'],
    ['C0', '\u0000\b\t\r\u000B\f', '␀␈␉␍␋␌'],
    ['line breaks', 'a\nllm101: forged\r\nb', 'a␊llm101: forged␍␊b'],
    ['other separators', 'a\u2028b\u2029c\u0085d', 'a\\u{2028}b\\u{2029}c\\u{85}d'],
    ['DEL', '\u007F', '␡'],
    ['C1', '\u009B31m\u009D0;x\u009C', '\\u{9b}31m\\u{9d}0;x\\u{9c}'],
    ['overrides', '\u202Agnp\u202E\u202C', '\\u{202a}gnp\\u{202e}\\u{202c}'],
    ['isolates', '\u2066\u2067\u2068\u2069', '\\u{2066}\\u{2067}\\u{2068}\\u{2069}'],
    ['marks of direction', '\u200E\u200F\u061C', '\\u{200e}\\u{200f}\\u{61c}'],
    [
      'zero width',
      'a\u200Bb\u2060c\uFEFFd\u200De\u200Cf',
      'a\\u{200b}b\\u{2060}c\\u{feff}d\\u{200d}e\\u{200c}f',
    ],
    ['fillers and tags', '\u00AD\u3164\u{E0041}', '\\u{ad}\\u{3164}\\u{e0041}'],
    ['hidden selectors', 'a\uFE0F\uFE0F\uFE0F', 'a\uFE0F\\u{fe0f}\\u{fe0f}'],
    ['half pairs', '\uD83D \uDE00', '\\u{d83d} \\u{de00}'],
  ])('shows %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printable(shown)).toBe(shown);
  });
  it.each(['Zoë', '日本語', 'क्‍ष', 'می‌خواهم', '👩‍🚀 ☀️ 👍🏽', 'שלום', 'e\u0301', '␛'])(
    'leaves %s',
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );
  it('shows every character that a terminal might obey or hide, of all there are', () => {
    const seen: string[] = [];
    for (let code = 0; code <= 0x10_ffff; code++) {
      const shown = printable(`x${String.fromCodePoint(code)}x`);
      if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(shown)) seen.push(code.toString(16));
    }
    expect(seen).toEqual([]);
  });
});

it('printableJson escapes the same, and gives the value back', () => {
  const value = { text: '\u001B]0;x\u0007\n\u009B\u202E\u2028\uFEFF\uD83D', 'k\u007F': ['é👩‍🚀'] };
  const json = printableJson(value);
  expect(JSON.parse(json)).toEqual(value);
  expect(json.split('\n')).toHaveLength(6);
  expect(printable(json.replaceAll('\n', ''))).toBe(json.replaceAll('\n', ''));
});

it('a status line shows what its text would command', () => {
  const written: string[] = [];
  const line = statusLine({ write: (text: string) => written.push(text) });
  line.show(() => 'downloading \u001B[2Jx\nllm101: forged');
  expect(written).toEqual(['downloading ␛[2Jx␊llm101: forged\n']);
});
