/** What a model can be written as. */
export const exportFormats = ['onnx', 'hf', 'gguf', 'safetensors', 'html'] as const;

/** The name of a format. */
export type ExportFormat = (typeof exportFormats)[number];
