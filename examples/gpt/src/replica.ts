import { GPT } from '@llm101/models';
import { Generator } from '@llm101/random';
import { adamw, decayMatrices, everyPosition } from '@llm101/training';

/** The rate at the height of its schedule. */
export const LEARNING_RATE = 0.003;

/** What decides a replica; copied from thread to thread. */
export interface ReplicaData {
  readonly vocabSize: number;
  readonly contextSize: number;
}

/** Model and optimizer, the same on each thread: of the same settings, and drawn by the same seed. */
export function makeReplica(data: ReplicaData) {
  const generator = Generator.seeded(101);
  const sizes = { ...data, channels: 64, heads: 4, layers: 3, dropout: 0.1 };
  const gpt = new GPT({ ...sizes, separated: true }, generator);
  const groups = decayMatrices(gpt.parameters(), 0.05);
  const optimizer = adamw(groups, { learningRate: LEARNING_RATE, betas: [0.9, 0.99] });
  return { gpt, model: everyPosition(gpt), optimizer, generator };
}
