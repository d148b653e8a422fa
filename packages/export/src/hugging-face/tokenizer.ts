import { toTokenizerFile, type TextTokenizer } from '@llm101/data';

/**
 * A tokenizer as the `tokenizer.json` of a model.
 *
 * @param isBegun - whether the padding begins each text
 * @throws TypeError for a tokenizer of another class than those of `@llm101/data`
 */
export function tokenizerFile(tokenizer: TextTokenizer, isBegun: boolean): object {
  const { padding, paddingIndex } = tokenizer;
  const isAdded = isBegun && padding !== undefined;
  return {
    ...toTokenizerFile(tokenizer),
    ...(isAdded && { post_processor: beginning(padding, paddingIndex) }),
  };
}

/** Puts a token before each text. */
function beginning(id: string, token: number | undefined): object {
  const special = { SpecialToken: { id, type_id: 0 } };
  const [first, second] = ['A', 'B'].map((text, type) => ({
    Sequence: { id: text, type_id: type },
  }));
  return {
    type: 'TemplateProcessing',
    single: [special, first],
    pair: [special, first, second],
    special_tokens: { [id]: { id, ids: [token], tokens: [id] } },
  };
}
