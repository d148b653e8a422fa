import { MixingModel, type SymbolCoder } from '@llm101/info-theory';

/**
 * Codes the bytes that a network's alphabet lacks, by what they themselves show.
 *
 * @param bytes - `[count]` what to write; a decoder is given none
 * @returns the bytes
 */
export function codeEscaped(coder: SymbolCoder, count: number, bytes?: Uint8Array): Uint8Array {
  if (count === 0) return new Uint8Array();
  const mixing = new MixingModel({ size: 256 });
  return Uint8Array.from({ length: count }, (_, i) => mixing.code(coder, bytes?.[i] ?? 0));
}
