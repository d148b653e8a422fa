export { ExportError } from './errors.js';
export type { ConfigOf, ExportedModel, NetworkConfig } from './exported-model.js';
export { exportSafetensors } from './export-safetensors.js';
export { exportGguf } from './gguf/export-gguf.js';
export { exportHuggingFace, type Folder } from './hugging-face/export-hugging-face.js';
export { exportOnnx } from './onnx/export-onnx.js';
export { importGPT2, type GPT2Files, type ImportedGPT } from './hugging-face/import-gpt2.js';
export { exportHtml, type HtmlOptions } from './html/export-html.js';
