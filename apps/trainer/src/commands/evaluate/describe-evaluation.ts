import type { Evaluation } from '@llm101/training';

/** The figures of a validation, one a line. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { examples, loss, accuracy, perplexity, bitsPerCharacter } = evaluation;
  return [
    `windows           ${examples.toLocaleString('en-US')}`,
    `loss              ${loss.toFixed(4)} nats`,
    `accuracy          ${(100 * accuracy).toFixed(1)} %`,
    `perplexity        ${perplexity.toFixed(2)}`,
    `bits a character  ${bitsPerCharacter.toFixed(4)}`,
  ].join('\n');
}
