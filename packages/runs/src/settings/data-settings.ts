import { tokenizerNames } from '../text/tokenizers.js';
import { presetNames } from './presets.js';
import { dataSource, flag, fraction, fractionUpTo1, oneOf, text, whole } from '../rules.js';
import { helps } from './setting-help.js';

/** The settings of the text, and the preset. */
export const dataSettings = {
  preset: oneOf(presetNames)
    .optional()
    .register(helps, {
      group: 'Model',
      value: 'name',
      help: `settings that have a name, which other flags override: ${presetNames.join(', ')}`,
      initial: 'none',
    }),
  data: dataSource().default('names').register(helps, {
    group: 'Data',
    value: 'path|name',
    help: 'a text: a file, a folder, a URL, - for standard input, each also as gzip made it, or a data set; a toy task may have sizes, sort:length=5,lines=2000',
  }),
  examples: oneOf(['lines', 'blocks']).default('lines').register(helps, {
    group: 'Data',
    value: 'lines|blocks',
    help: 'what is learned from: each line by itself, or stretches of the text as one stream, line ends included',
    initial: 'lines; blocks for shakespeare',
  }),
  tokenizer: oneOf(tokenizerNames)
    .optional()
    .register(helps, {
      group: 'Data',
      value: tokenizerNames.join('|'),
      help: 'what a token is: a code point, what a reader takes for a character, a byte, or a part of a word, learned from the text',
      initial: tokenizerNames[0],
    }),
  vocabSize: whole(257, 2 ** 20)
    .default(1024)
    .register(helps, {
      group: 'Data',
      value: 'n',
      help: 'tokens in all: 256 bytes, the end, and one for each merge; fewer where the text is short',
    }),
  tokenizerFile: text('a path').optional().register(helps, {
    group: 'Data',
    value: 'path',
    help: 'instead of --tokenizer: a vocab.json of characters, or a tokenizer.json of Hugging Face: byte-level BPE, or characters as export writes them',
    initial: 'none',
  }),
  alphabet: text('the characters, each once, or auto')
    .default('abcdefghijklmnopqrstuvwxyz')
    .register(helps, {
      group: 'Data',
      value: 'characters',
      help: 'the characters the text may hold; auto takes them from the text',
      initial: 'auto; a–z for the data sets with a name',
    }),
  normalize: oneOf(['none', 'nfc']).default('none').register(helps, {
    group: 'Data',
    value: 'none|nfc',
    help: 'nfc composes letters and their accents into one character first',
  }),
  split: oneOf(['position', 'lines']).default('position').register(helps, {
    group: 'Data',
    value: 'position|lines',
    help: 'what is held out of a stream: its end, or lines that are drawn at random; either side stays in order',
  }),
  valSize: fraction().default(0.1).register(helps, {
    group: 'Data',
    value: 'fraction',
    help: 'fraction held out for validation: of the lines, or of the text',
  }),
  trainShare: fractionUpTo1().default(1).register(helps, {
    group: 'Data',
    value: 'fraction',
    help: 'fraction of what is not held out that is learned from: its beginning, or the first of its lines as they are drawn',
  }),
  answerAfter: text('what an answer stands after, or none').default('none').register(helps, {
    group: 'Data',
    value: 'mark|none',
    help: 'only what stands after this mark in a line is learned and scored, and how many whole answers are right is counted',
    initial: '= for the toy tasks, none for other texts',
  }),
  distinct: flag().default(false).register(helps, {
    group: 'Data',
    help: 'split by distinct line, so that no validation line occurs in training',
  }),
};
