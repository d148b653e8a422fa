/**
 * What a forward pass is for. Dropout leaves values out and batch normalisation measures its batch in `'training'` only.
 *
 * It is an argument and no state of the model (`model.train()` in PyTorch): a compiled step records one mode and keeps
 * it, so that a switch thrown later would be ignored without a word. Two modes are two functions, each compiled.
 */
export type Mode = 'training' | 'evaluation';
