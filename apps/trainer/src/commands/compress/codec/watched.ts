import type { SymbolModel } from '@llm101/info-theory';

/** Told how far a piece of work is. */
export type OnProgress = (done: number, total: number) => void;

/** A model that tells how many symbols it has coded. */
export function watched(model: SymbolModel, total: number, onProgress?: OnProgress): SymbolModel {
  let done = 0;
  return {
    size: model.size,
    code(coder, symbol) {
      onProgress?.(done++, total);
      return model.code(coder, symbol);
    },
  };
}
