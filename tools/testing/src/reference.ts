import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One training run of PyTorch: settings, initial values, losses. */
export interface LectureCase {
  readonly model: 'mlp' | 'cnn';
  readonly context_size: number;
  readonly d_embed: number;
  readonly d_hidden: number;
  readonly vocab_size: number;
  readonly batch_size: number;
  readonly optimizer: 'sgd' | 'momentum' | 'adamw';
  readonly lr: number;
  readonly steps: number;
  readonly parameters: number;
  readonly train_examples: number;
  readonly val_examples: number;
  readonly first_batch_inputs: readonly (readonly number[])[];
  readonly first_batch_targets: readonly number[];
  readonly init: Readonly<
    Record<string, { shape: number[]; first: number[]; sum: number; abs_sum: number }>
  >;
  readonly loss_first_50_steps: readonly number[];
  readonly running_loss: Readonly<Record<string, number>>;
  readonly val_loss: Readonly<Record<string, number>>;
  readonly final: Readonly<Record<string, { sum: number; abs_sum: number }>>;
}

/** The file `lecture05-torch.json`: PyTorch 1.13's figures, seed 101. */
export interface LectureReference {
  readonly torch: string;
  readonly seed: number;
  readonly names_sha256: string;
  readonly split: {
    readonly test_size: number;
    readonly train: number;
    readonly val: number;
    readonly train_first: readonly string[];
    readonly val_first: readonly string[];
    readonly train_last: string;
    readonly val_last: string;
    readonly train_sha256: string;
    readonly val_sha256: string;
  };
  readonly cases: readonly LectureCase[];
}

/** The file `course-torch.json`: PyTorch 2.13's figures of the other lectures, seed 101; each entry's `what` says how it was made. */
export interface CourseReference {
  readonly lecture2: {
    readonly nll_first_three: number;
    readonly nll_all: number;
    readonly one_hot_losses_first_20: readonly number[];
    readonly one_hot_loss_100: number;
  };
  readonly lecture3: {
    readonly parameters: number;
    readonly losses_first_20: readonly number[];
    readonly first_batches: readonly (readonly number[])[];
    readonly full_loss: number;
  };
  readonly lecture4: {
    readonly models: readonly {
      readonly losses_first_20: readonly number[];
      readonly val: number;
      readonly saturated: number;
      readonly histogram: readonly number[];
      readonly gradient_std: readonly [preActivation: number, w1: number];
    }[];
  };
  readonly lecture5: {
    readonly models: Readonly<
      Record<
        'two' | 'two_bn' | 'deep' | 'deep_bn' | 'deep_bn_res',
        {
          readonly losses_first_20: readonly number[];
          readonly val: number;
          readonly parameters: number;
        }
      >
    >;
  };
  readonly lecture7_gpt: {
    readonly windows: readonly [train: number, val: number];
    readonly parameters: number;
    readonly losses_first_20: readonly number[];
    readonly loss_300: number;
    readonly val: number;
  };
  readonly gpt_shakespeare: {
    readonly vocabulary: number;
    readonly parameters: number;
    readonly first_row: readonly number[];
    readonly losses: readonly number[];
    readonly rates: readonly number[];
    readonly gradient_norms: readonly number[];
    readonly val: number;
  };
}

/** The file `nanogpt-shakespeare-char.json`: a run of nanoGPT, PyTorch 2.13. */
export interface NanoGptReference {
  readonly parameters: number;
  readonly losses_first_100: readonly number[];
  readonly losses_every_100: Readonly<Record<string, number>>;
  readonly evaluations: readonly {
    readonly step: number;
    readonly train: number;
    readonly val: number;
  }[];
}

/** The folder beside the repository that holds the reference figures and the lecture's data. */
function sharedFile(...path: string[]): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nx.json'))) folder = dirname(folder);
  const file = join(folder, '..', 'shared', ...path);
  return existsSync(file) ? file : undefined;
}

/** PyTorch's figures, or `undefined` where they aren't available (tests then say that they skipped). */
export function lectureReference(): LectureReference | undefined {
  const file = sharedFile('reference', 'lecture05-torch.json');
  return file === undefined
    ? undefined
    : (JSON.parse(readFileSync(file, 'utf8')) as LectureReference);
}

/** PyTorch's figures of the other lectures, or `undefined` where they aren't available. */
export function courseReference(): CourseReference | undefined {
  const file = sharedFile('reference', 'course-torch.json');
  return file === undefined
    ? undefined
    : (JSON.parse(readFileSync(file, 'utf8')) as CourseReference);
}

/** A run of nanoGPT on Tiny Shakespeare, or `undefined` where it isn't available. */
export function nanoGptReference(): NanoGptReference | undefined {
  const file = sharedFile('reference', 'nanogpt-shakespeare-char.json');
  return file === undefined
    ? undefined
    : (JSON.parse(readFileSync(file, 'utf8')) as NanoGptReference);
}

/** The lecture's names.txt, or `undefined` where it isn't available. */
export function namesPath(): string | undefined {
  return sharedFile('names.txt');
}

/** Tiny Shakespeare, the data set `shakespeare`, or `undefined` where it isn't available. */
export function shakespearePath(): string | undefined {
  return sharedFile('shakespeare.txt');
}

/** Besiroglu et al.'s 245 runs, read off a figure, or `undefined` where they aren't available. */
export function chinchillaPath(): string | undefined {
  return sharedFile('reference', 'chinchilla-figure-4.csv');
}
