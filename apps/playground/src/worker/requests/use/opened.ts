import { codecNetwork, networkPrior, Predictor } from '@llm101/inference';
import type { CodecNetwork, NetworkPrior } from '@llm101/inference';
import { openModel, UserError } from '@llm101/runs';
import { compile } from '@llm101/wasm';
import type { OpenedModel, UseRequests } from '../../../use-requests.js';
import type { Answer } from '../handler.js';

/** The model of a worker that has no run of its own. */
interface Opened {
  readonly network: CodecNetwork;
  readonly predictor: Predictor;
  /** Made when it is first asked for. */
  readonly prior: () => NetworkPrior;
  readonly close: () => void;
}

let opened: Opened | undefined;

/** Opens a model in the place of the one before. */
export function open({ bytes }: UseRequests['open']['input']): Answer<OpenedModel> {
  const saved = openModel(bytes);
  opened?.close();
  const network = codecNetwork(saved, { file: bytes, compile });
  const predictor = new Predictor(saved, { compile });
  let made: NetworkPrior | undefined;
  const prior = (): NetworkPrior => (made ??= networkPrior(saved, { compile }));
  const close = (): void => {
    made?.dispose();
    predictor.dispose();
    saved.model.dispose();
  };
  opened = { network, predictor, prior, close };
  return { output: { sha256: network.sha256, step: saved.step } };
}

/** @throws UserError when none was opened */
export function openedModel(): Opened {
  if (opened === undefined) throw new UserError('there must be a model; open one first');
  return opened;
}
