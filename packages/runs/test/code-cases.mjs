// Runs whose programs are compared with them: in TypeScript by code-programs.test.ts, in PyTorch by tools/reference/code.py.

/** Sizes that train in a moment, for each kind of model. */
const SMALL = {
  mlp: '--model mlp --d-hidden 8',
  cnn: '--model cnn --d-hidden 8 --context-size 8',
  wavenet: '--model wavenet --d-hidden 8 --depth 3',
  gpt: '--model gpt --d-embed 8 --heads 2 --layers 1 --context-size 16',
  bigram: '--model bigram',
  gru: '--model gru --d-embed 4 --d-hidden 6 --context-size 16',
  lstm: '--model lstm --d-embed 4 --d-hidden 6 --context-size 16',
  megabyte: '--model megabyte --d-embed 8 --heads 2 --context-size 16',
};

/**
 * Flags beside the defaults, by what they are about.
 *
 * @type {Readonly<Record<string, string>>}
 */
const CASES = {
  'the lecture': '--data names --max-steps 50',
  'an MLP of all that it has':
    '--layers 3 --d-hidden 8 --activation tanh --bias none --batch-norm --residual --init kaiming',
  'a normalised MLP': '--layer-norm --activation gelu --init xavier',
  'an MLP of the course': '--init randn --layers 2',
  'a deep WaveNet': `${SMALL.wavenet} --blocks 2 --layer-norm --reshuffle --packed-rows 2 --packed-size 64 --shards 2`,
  'layers of LSTM': `${SMALL.lstm} --layers 2 --accumulate 2`,
  'a modern GPT by Muon':
    `${SMALL.gpt} --positions rotary --norm rms --activation squared-relu --qk-norm --bias none --no-tied-head ` +
    '--optimizer muon --beta2 0.99 --clip-norm 1 --schedule linear --warmup-steps 20% ' +
    '--packed-size 64 --packed-rows 2 --reshuffle --shards 2',
  'a GPT as Llama has it':
    `${SMALL.gpt} --positions rotary --norm rms --activation swiglu --kv-heads 1 --d-ff 12 --projections separate ` +
    '--no-tied-head --bias none',
  "the course's GPT":
    `--examples blocks ${SMALL.gpt} --init pytorch --bias feed-forward,norm ` +
    '--no-tied-head --projections separate --clip-norm 1',
  'a GPT whose lines are longer than it sees': `${SMALL.gpt} --context-size 6`,
  'a GPT that is measured on longer lines than it learns from': `${SMALL.gpt} --context-size 11 --val-size 0.5 --seed 4`,
  'a MEGABYTE of three layers': `--examples blocks ${SMALL.megabyte} --layers 2 --patch-size 2 --d-ff 12`,
  'an MLP with dropout': '--layers 2 --dropout 0.1',
  'a WaveNet with dropout': `${SMALL.wavenet} --dropout 0.2`,
  'an LSTM with dropout': `${SMALL.lstm} --layers 2 --dropout 0.3`,
  'a GRU of a stream with dropout': `--examples blocks ${SMALL.gru} --layers 2 --dropout 0.3`,
  'a GPT with dropout': `${SMALL.gpt} --dropout 0.1 --dropout-at attention,feed-forward`,
  'a MEGABYTE with dropout': `--examples blocks ${SMALL.megabyte} --dropout 0.1`,
  'SGD with momentum': '--momentum 0.9 --nesterov --weight-decay 0.01 --clip-norm 0.5',
  Adam: '--optimizer adam --lr 0.003 --beta1 0.8 --epsilon 0.000001',
  'AdamW on matrices': '--optimizer adamw --weight-decay 0.1 --decay-matrices',
  'Muon with an epsilon': '--layers 2 --optimizer muon --epsilon 0.000001 --muon-rate original',
  'Muon on matrices':
    '--layers 2 --optimizer muon --epsilon 0.000001 --decay-matrices --muon-momentum 0.8',
  'no schedule': '--optimizer schedule-free --lr 0.01 --warmup-steps 3',
  'a mean of weights': '--average-weights 0.9 --momentum 0.5',
  'a cosine': '--schedule cosine --warmup-steps 3 --decay-steps 10 --final-lr 0.001',
  'a cosine over passes': '--schedule cosine --warmup-steps 10% --epochs 0.2 --batch-size 64',
  'one cycle': '--schedule one-cycle --lr 0.5',
  steps: '--schedule step --step-size 4 --gamma 0.5 --warmup-steps 2',
  'blocks in passes': `--examples blocks --epochs 1.5 --order shuffled`,
  'blocks in order': `--examples blocks ${SMALL.gru} --order in-order --split lines`,
  'random blocks over passes': `--examples blocks ${SMALL.gpt} --epochs 2`,
  "nanoGPT's validations": `--examples blocks ${SMALL.gpt} --val-interval 4 --val-batches 3 --batch-size 4 --decay-matrices`,
  'a patience': '--val-interval 2 --patience 1 --min-delta 0.5 --lr 0.1',
  'a patience on some lines': `${SMALL.gru} --val-interval 3 --patience 2 --val-batches 1`,
  'lines that are split as different ones': '--distinct --val-size 0.25 --seed 7',
  'sequences that are': `${SMALL.wavenet} --distinct`,
  'a share of the lines': '--train-share 0.3',
  'a share of different lines': `${SMALL.wavenet} --distinct --train-share 0.5`,
  'a share of a stream': `--examples blocks ${SMALL.gpt} --train-share 0.4`,
  'a share of the lines of a stream': `--examples blocks ${SMALL.gru} --split lines --train-share 0.4`,
  'answers of a toy task': '--data reverse:length=4,lines=80',
  'answers that a WaveNet learns': `--data sort:length=5,lines=80 ${SMALL.wavenet}`,
  'answers that a GPT learns from different lines': `--data addition:lines=80 ${SMALL.gpt} --distinct`,
  'answers that a GRU learns': `--data dyck:lines=80 ${SMALL.gru} --context-size 12`,
  'answers that a GRU learns, of lines in pieces': `--data dyck:lines=80 ${SMALL.gru} --context-size 6`,
  'whole lines of a toy task': '--data parity:lines=80 --answer-after none',
  bytes: '--tokenizer bytes --normalize nfc',
  'bytes of a stream': `--examples blocks --tokenizer bytes`,
  'parts of words': `${SMALL.gpt} --tokenizer bpe --vocab-size 300`,
  'parts of words in a stream': `--examples blocks --tokenizer bpe --vocab-size 300`,
  graphemes: '--tokenizer graphemes --normalize nfc',
  'a text from elsewhere': '--data odd.txt',
  'graphemes of one': '--data odd.txt --tokenizer graphemes',
  'one as a stream': `--data odd.txt --examples blocks ${SMALL.gpt}`,
  'an alphabet': '--alphabet abcdefghijklmnopqrstuvwxyz',
  'an alphabet of a stream': `--examples blocks ${SMALL.gpt} --tokenizer characters --alphabet auto`,
  'no compiler': '--no-compile --max-steps 3',
  'relaxed SIMD': '--relaxed-simd',
};

/**
 * What each of the runs is called, and its flags: those of {@link CASES}, and each kind of model under lines and under blocks.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const ALL = {
  ...Object.fromEntries(Object.entries(SMALL).map(([model, line]) => [`${model}, of lines`, line])),
  ...Object.fromEntries(
    Object.entries(SMALL).map(([model, line]) => [
      `${model}, of a stream`,
      `--examples blocks ${line} --context-size 8`,
    ]),
  ),
  ...CASES,
};

/**
 * Raw settings of a run of twelve steps, unless its flags say how many.
 *
 * @param {string} line - its flags
 * @param {string} folder - where {@link textsOf} are
 * @returns {Readonly<Record<string, unknown>>}
 */
export function rawSettingsOf(line, folder) {
  const flags = Object.fromEntries(
    Array.from(line.matchAll(/--(no-)?([\w-]+)(?: (?!--)(\S+))?/g), ([, no, name, value]) => [
      name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase()),
      value === undefined ? no === undefined : /^[\d.]+$/.test(value) ? Number(value) : value,
    ]),
  );
  const { epochs, examples = 'lines', data = `${String(examples)}.txt` } = flags;
  return {
    valInterval: 0,
    sampleInterval: 0,
    watchInterval: 0,
    logInterval: 2,
    ...(epochs === undefined && { maxSteps: 12 }),
    ...flags,
    data: String(data).endsWith('.txt') ? `${folder}/${String(data)}` : data,
  };
}

/**
 * What they learn from, by the names of their files.
 *
 * @param {string} names - the built-in text
 */
export const textsOf = (names) => ({
  'lines.txt': names.split('\n').slice(0, 300).join('\n'),
  // a byte order mark, carriage returns, characters of several code points that would join those of the next line
  'odd.txt': `\ufeff${names.split('\n').slice(0, 90).join('\r\n')}\r\n${'ab\rcd\n🇩\n🇪\ne\n\u0301a\nne\u0301e\nｅ😀\n'.repeat(9)}`,
  'blocks.txt': 'To be, or not to be:\nthat is the question.\n'.repeat(20),
});
