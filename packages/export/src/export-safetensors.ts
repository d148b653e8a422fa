import { writeSafetensors } from '@llm101/safetensors';
import type { ExportedModel } from './exported-model.js';

/** A model's parameters and buffers as a safetensors file, by PyTorch's names in its layouts, for `load_state_dict`. */
export function exportSafetensors({
  config,
  tensors,
}: Omit<ExportedModel, 'tokenizer'>): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensors, { format: 'pt', model: JSON.stringify(config) });
}
