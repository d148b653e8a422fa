export { pytorchOf } from './pytorch-of.js';
export { textFacts, type TextFacts } from './text-facts.js';
export { typescriptOf } from './typescript-of.js';
