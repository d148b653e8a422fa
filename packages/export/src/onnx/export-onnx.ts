import { ExportError } from '../errors.js';
import { Weights, type ExportedModel } from '../exported-model.js';
import { gpt } from './gpt.js';
import { OnnxGraph } from './graph.js';
import { OnnxLayers } from './layers.js';
import { bigram, cnn, mlp, recurrent, waveNet } from './networks.js';

/**
 * A model as an ONNX file of opset 17. Its input `tokens` is `[batch, time]` int64, its output `logits` float32: `[batch, V]` of what
 * follows each row of an MLP or CNN, whose rows have as many tokens as it sees, else `[batch, time, V]` of what follows each position. A row
 * is one text from its beginning, so that where token 0 begins a text it is the first and no other. Config and tokenizer are in
 * the metadata as JSON.
 *
 * @throws ExportError when a tensor is missing, or the network has no graph
 */
export function exportOnnx({ config, tensors, tokenizer }: ExportedModel): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph();
  const layers = new OnnxLayers(graph, new Weights(tensors));
  const { vocabSize: V } = config;
  const isWindow = config.type === 'mlp' || config.type === 'cnn';
  const tokens = graph.input('tokens', ['batch', isWindow ? config.contextSize : 'time']);
  const scores = (): string => {
    switch (config.type) {
      case 'bigram':
        return bigram(layers, tokens);
      case 'mlp':
        return mlp(layers, tokens, config);
      case 'cnn':
        return cnn(layers, tokens, config);
      case 'wavenet':
        return waveNet(layers, tokens, config);
      case 'gru':
      case 'lstm':
        return recurrent(layers, tokens, config);
      case 'gpt':
        return gpt(layers, tokens, config);
      case 'megabyte':
        break;
    }
    throw new ExportError(
      `ONNX: a ${config.type} has no graph here yet; safetensors takes it, by the names of PyTorch`,
    );
  };
  graph.output('logits', scores(), isWindow ? ['batch', V] : ['batch', 'time', V]);
  return graph.encode({ model: JSON.stringify(config), tokenizer: JSON.stringify(tokenizer) });
}
