/**
 * What the page and a worker say to each other. A worker has one run; the page imports no `@llm101/*` but for types, so that their code
 * is loaded once, by the worker. Everything here is copied from thread to thread.
 */
import type { SettingForm, SettingProblem, Settings } from '@llm101/runs';
import type { Looks } from './looks.js';
import type {
  EndReason,
  Evaluation,
  LearningRateSearch,
  Metrics,
  RatePoint,
} from '@llm101/training';
import type { Flags, OwnText } from './flags.js';
import type { Basis, Brought, InitialWeights, RunRequests } from './run-requests.js';
import type { TextRequests } from './text-requests.js';
import type { UseRequests } from './use-requests.js';

export type { Flags, OwnText } from './flags.js';

/** What a run begins with. */
export interface RunRequest {
  /** Names its checkpoints in this browser. */
  readonly id: string;
  readonly flags: Flags;
  /** Instead of the data set that the settings name. */
  readonly text?: OwnText | undefined;
  /** Whether it waits before its first step. */
  readonly paused: boolean;
  /** What it begins with besides. */
  readonly basis?: Basis | undefined;
  /** Where it comes from elsewhere: given once. */
  readonly brought?: Brought | undefined;
  /** A step at which its fingerprint is told, too. */
  readonly fingerprintAt?: number | undefined;
  /** Where it is over: how it ended, and after which step. It is made as it was, and doesn't train. */
  readonly ended?: { readonly reason: EndReason; readonly step: number } | undefined;
}

/** What is known of a run once it is made, before its first step. */
export interface RunFacts {
  readonly settings: Settings;
  readonly parameters: number;
  readonly vocabSize: number;
  /** Steps done before, where it was kept in this browser. */
  readonly step: number;
  readonly text: TextFacts;
  /** Threads that compute its shards. */
  readonly threads: number;
  /** What the GPU is called, where one computes its steps. */
  readonly adapter?: string;
}

/** What a text is, as the run sees it. */
interface TextFacts {
  readonly name: string;
  readonly sha256: string;
  readonly characters: number;
  /** What would make more of the text, a sentence each. */
  readonly hints: readonly string[];
  /** A line that its model can read, to look at. */
  readonly line: string;
  /** Where its lines have answers: those held out that the model is asked, each with the right one. */
  readonly asked?: readonly string[];
  /** Tokens, of lines with their ends, to learn from and held out. */
  readonly trainTokens: number;
  readonly valTokens: number;
}

/** An error, in the words in which the command has it. */
export interface Problem {
  readonly name: string;
  readonly message: string;
  /** The settings that it is about, where it is about some. */
  readonly keys?: readonly string[];
}

/** Whether and how a run goes on. */
export type RunState = 'loading' | 'running' | 'paused' | EndReason;

/** What the page tells a worker. */
export type ToWorker =
  | { readonly type: 'start'; readonly request: RunRequest }
  | { readonly type: 'pause' | 'resume' | 'stop' | 'save' }
  /** Goes on for some steps, and pauses. */
  | { readonly type: 'step'; readonly count: number }
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly name: RequestName;
      readonly input: unknown;
    }
  /** Ends a request that isn't answered yet. */
  | { readonly type: 'cancel'; readonly id: number };

/** What a worker tells the page. */
export type FromWorker =
  | { readonly type: 'ready'; readonly surroundings: Surroundings }
  | { readonly type: 'begun'; readonly facts: RunFacts }
  | {
      readonly type: 'steps';
      /** The number of the first of them. */
      readonly first: number;
      /** The loss of each step's batch. */
      readonly losses: Float32Array<ArrayBuffer>;
      /** The mean of all losses so far, as the command prints it. */
      readonly trainLoss: number;
      readonly learningRate: number;
      /** Since the last such message. */
      readonly stepsPerSecond: number;
    }
  | {
      readonly type: 'validation';
      readonly step: number;
      readonly evaluation: Evaluation;
      readonly trainEstimate?: number;
    }
  | { readonly type: 'log'; readonly metrics: Metrics }
  | { readonly type: 'samples'; readonly step: number; readonly texts: readonly string[] }
  | { readonly type: 'state'; readonly state: RunState; readonly step: number }
  | { readonly type: 'saved'; readonly step: number }
  /** SHA-256 of the weights, in hex. */
  | { readonly type: 'fingerprint'; readonly step: number; readonly sha256: string }
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'warning'; readonly message: string }
  /** What a request has so far. */
  | { readonly type: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly output: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly problem: Problem };

/** What the engine has here. */
export interface Surroundings {
  /** The engine in a line. */
  readonly backend: string;
  /** Whether threads can share memory. */
  readonly isolated: boolean;
  readonly cores: number;
}

/**
 * What the page can ask a worker, and what it answers: by name, input and output. Answers come between two steps. To add one: a row here,
 * its handler in `worker/requests`.
 */
export interface Requests extends UseRequests, Looks, TextRequests, RunRequests {
  /** What is wrong with settings, and what they make. */
  check: { readonly input: CheckInput; readonly output: CheckOutput };
  /** A search for a learning rate; it makes a run of its own. */
  rates: {
    readonly input: RatesInput;
    readonly output: LearningRateSearch;
    readonly progress: RatePoint;
  };
}

/** What a request tells while it works, where it does. */
export type ProgressOf<Name extends RequestName> = Requests[Name] extends {
  readonly progress: infer Progress;
}
  ? Progress
  : never;

/** The name of a request. */
export type RequestName = keyof Requests;

/** Settings to look at before a run is made of them. */
export interface CheckInput {
  readonly flags: Flags;
  /** Where the run is to learn from a text of one's own. */
  readonly text?: Pick<OwnText, 'name'> | undefined;
  /** Where it is to begin with weights. */
  readonly initial?: Pick<InitialWeights, 'name' | 'settings'> | undefined;
  /** Tokens that the text has, where it is known; otherwise a guess is told. */
  readonly vocabSize: number;
}

/** What {@link CheckInput} comes to. */
export interface CheckOutput {
  readonly problems: readonly SettingProblem[];
  /** What an address has that is no setting. */
  readonly unknown: readonly string[];
  /** Nothing where something is wrong. */
  readonly made?: {
    readonly settings: Settings;
    readonly parameters: number;
    /** About the most memory that it has in use. */
    readonly bytes: number;
    /** The command that trains the same. */
    readonly command: string;
  };
  /** The settings that are read, given the others, as fields of a form in the order of the command's help. */
  readonly fields: readonly SettingForm[];
}

/** The settings of a run, and the learning rates that are tried. */
interface RatesInput {
  readonly flags: Flags;
  readonly text?: OwnText | undefined;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}
