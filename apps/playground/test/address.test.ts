// Addresses come from anywhere: what makes no sense in one is named, and left out.
import { expect, it } from 'vitest';
import { formatAddress, parseAddress, rooms } from '../src/state/address.js';
import { chapters } from '../src/rooms/tour/steps.js';

const HOSTILE = [
  '',
  '-1',
  'NaN',
  'Infinity',
  '1e999',
  '9'.repeat(400),
  '__proto__',
  'constructor',
  'toString',
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '//example.org/',
  'javascript:alert(1)',
  '%00%ff%',
  '\u202e',
  'x'.repeat(100_000),
];

const OWN = ['room', 'text', 'expect', 'run', 'tour', 'lang', 'hide'];

it.each(OWN)('%s with an odd value says nothing, and is named', (key) => {
  for (const value of HOSTILE) {
    const read = parseAddress(`#${key}=${encodeURIComponent(value)}`);
    expect(read, value).toEqual({
      flags: {},
      room: 'train',
      hidden: [],
      ignored: [`${key}=${value}`],
    });
    expect(formatAddress(read)).toBe('');
  }
});

it.each([
  '__proto__',
  'a b',
  '<b>',
  'initFrom',
  'tokenizerFile',
  'workers',
  'device',
  'dataSha256',
  '',
])('%o is no setting of an address', (key) => {
  const read = parseAddress(`#${encodeURIComponent(key)}=1`);
  expect(read).toMatchObject({ flags: {}, ignored: [`${key}=1`] });
  expect(Object.keys(read.flags)).toEqual([]);
});

it('keeps names of Object as any that do not exist: settings of its own, to be refused', () => {
  const { flags } = parseAddress('#constructor=1&toString=2');
  expect(Object.entries(flags)).toEqual([
    ['constructor', '1'],
    ['toString', '2'],
  ]);
});

it('takes what is there first, and a bounded number of settings', () => {
  expect(parseAddress('#lr=1&lr=2&room=use&room=runs')).toMatchObject({
    flags: { lr: '1' },
    room: 'use',
    ignored: ['lr=2', 'room=runs'],
  });
  const many = Array.from({ length: 1000 }, (_, i) => `a${i}=1`).join('&');
  const { flags, ignored } = parseAddress(many);
  expect(Object.keys(flags)).toHaveLength(100);
  expect(ignored).toHaveLength(900);
});

it('reads what it writes', () => {
  const address = {
    flags: { lr: '0.1', data: 'sort:length=5' },
    text: { sha256: 'a'.repeat(64), name: 'my text.txt' },
    room: rooms[2],
    line: 'é,=&#',
    expected: { step: 300, sha256: '0123456789abcdef' },
    tour: '3.2',
    language: 'de',
    hidden: ['form', 'tour'],
  };
  expect(parseAddress(formatAddress(address))).toEqual({ ...address, ignored: [] });
});

it('takes each place of the tour', () => {
  for (const [chapter, { steps }] of chapters.entries()) {
    for (const step of steps.keys()) {
      const tour = `${chapter + 1}.${step + 1}`;
      expect(parseAddress(`#tour=${tour}`)).toMatchObject({ tour, ignored: [] });
    }
  }
});
