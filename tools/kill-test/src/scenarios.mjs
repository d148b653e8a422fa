import { randperm } from '@llm101/random';
import { writeFileSync } from 'node:fs';

/** @import { Generator } from '@llm101/random' */

/**
 * A run to kill: flags of `llm101 train`, and how often it is killed.
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {readonly string[]} flags
 * @property {number} kills
 */

const COMMON =
  '--alphabet auto --val-interval 100 --log-interval 20 --sample-interval 130 --watch-interval 170 --checkpoint-interval 50';

/** @param {string} flags */
const written = (flags) => {
  const context = flags.includes('wavenet') ? '' : ' --context-size 8';
  return `${COMMON}${context} ${flags}`.split(' ');
};

/** @type {readonly Scenario[]} */
export const scenarios = [
  { name: 'mlp, sgd', flags: written('--max-steps 9000'), kills: 1 },
  {
    name: 'mlp, Nesterov, step, reshuffled',
    flags: written(
      '--max-steps 8000 --momentum 0.9 --nesterov --schedule step --step-size 3000 --reshuffle',
    ),
    kills: 1,
  },
  {
    name: 'mlp, adamw, cosine, clipped',
    flags: written(
      '--max-steps 6000 --optimizer adamw --lr 0.003 --schedule cosine --warmup-steps 100 --clip-norm 1 --decay-matrices',
    ),
    kills: 2,
  },
  {
    name: 'cnn, adam, one cycle',
    flags: written('--model cnn --max-steps 1500 --optimizer adam --lr 0.003 --schedule one-cycle'),
    kills: 1,
  },
  {
    name: 'mlp, adamw, patience',
    flags: written('--max-steps 9000 --optimizer adamw --lr 0.0005 --patience 4 --reshuffle'),
    kills: 2,
  },
  {
    name: 'mlp, momentum, not compiled',
    flags: written('--no-compile --max-steps 400 --momentum 0.9 --weight-decay 0.01'),
    kills: 1,
  },
  {
    name: 'cnn, adamw, not compiled',
    flags: written('--no-compile --model cnn --max-steps 200 --optimizer adamw'),
    kills: 1,
  },
  {
    name: 'wavenet, dropout, packed, adamw, cosine',
    flags: written(
      '--model wavenet --d-hidden 16 --depth 2 --blocks 1 --layer-norm --dropout 0.2 --packed-size 64 --max-steps 600 --optimizer adamw --lr 0.006 --schedule cosine --warmup-steps 50 --reshuffle',
    ),
    kills: 2,
  },
  {
    name: 'mlp, schedule-free',
    flags: written('--max-steps 3000 --optimizer schedule-free --lr 0.01 --warmup-steps 100'),
    kills: 1,
  },
  {
    name: 'gpt, Muon, mean of weights',
    flags: written(
      '--model gpt --d-embed 16 --layers 1 --heads 2 --max-steps 600 --optimizer muon --average-weights 0.99',
    ),
    kills: 1,
  },
  {
    name: 'gpt, dropout, random blocks, Muon, two shards and threads',
    flags: written(
      '--examples blocks --order random --model gpt --d-embed 16 --layers 1 --heads 2 --dropout 0.1 --shards 2 --workers 2 --max-steps 600 --optimizer muon',
    ),
    kills: 2,
  },
  {
    name: 'lstm, shuffled blocks, accumulated, linear',
    flags: written(
      '--examples blocks --order shuffled --model lstm --d-hidden 16 --accumulate 2 --max-steps 600 --optimizer adamw --schedule linear --warmup-steps 5%',
    ),
    kills: 1,
  },
  {
    name: 'cnn, two shards and threads',
    flags: written(
      '--model cnn --max-steps 1000 --momentum 0.9 --reshuffle --shards 2 --workers 2',
    ),
    kills: 1,
  },
  {
    name: 'wavenet, dropout, two shards of two parts, two threads',
    flags: written(
      '--model wavenet --d-hidden 16 --depth 2 --dropout 0.2 --packed-size 32 --packed-rows 4 --shards 2 --accumulate 2 --workers 2 --max-steps 300 --optimizer adamw',
    ),
    kills: 2,
  },
  {
    name: 'wavenet, dropout, not compiled',
    flags: written(
      '--no-compile --model wavenet --d-hidden 16 --depth 2 --blocks 1 --dropout 0.2 --max-steps 200',
    ),
    kills: 1,
  },
];

const SYLLABLES = ['an', 'be', 'ri', 'lo', 'mu', 'ka', 'te', 'vi', 'so', 'ne'];

/**
 * Writes a text of 90 names of two to four syllables: some 500 windows to train on, so that a pass has 16 batches.
 *
 * @param {string} path
 * @param {Generator} generator
 */
export function writeData(path, generator) {
  const names = Array.from({ length: 90 }, (_, i) => {
    const order = randperm(generator, SYLLABLES.length);
    return Array.from(order.slice(0, 2 + (i % 3)), (s) => SYLLABLES[s]).join('');
  });
  writeFileSync(path, `${names.join('\n')}\n`);
}
