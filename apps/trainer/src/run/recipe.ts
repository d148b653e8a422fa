import { z } from 'zod';

const lectureSizes = {
  vocabSize: z.int(),
  contextSize: z.int(),
  dEmbed: z.int(),
  dHidden: z.int(),
};

/** What a model can be made again with; it stands in `model.safetensors` beside the parameters. */
export const recipeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('mlp'), ...lectureSizes }),
  z.object({ type: z.literal('cnn'), ...lectureSizes }),
  z.object({
    type: z.literal('wavenet'),
    vocabSize: z.int(),
    channels: z.int(),
    depth: z.int(),
    blocks: z.int(),
    layerNorm: z.boolean(),
    dropout: z.number(),
  }),
]);

/** The kind and sizes of a model. */
export type Recipe = z.infer<typeof recipeSchema>;

/** The kinds of network that the command knows. */
export type ModelType = Recipe['type'];
