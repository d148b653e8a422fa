import type { LanguageModel } from '@llm101/models';

/** Tokens of a text that a model keeps as it reads it token by token; Infinity where it needn't. */
export function capacityOf(model: LanguageModel): number {
  const stream = model.stream?.(1);
  const { capacity = Infinity } = stream ?? {};
  stream?.dispose();
  return capacity;
}
