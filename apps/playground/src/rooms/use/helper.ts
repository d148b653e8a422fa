import { useEffect, useRef } from 'preact/hooks';
import type { RequestName, Requests } from '../../protocol.js';
import { type AskOptions, Client } from '../../state/client.js';
import type { PageRun } from '../../state/run.js';
import type { ModelFile, OpenedModel } from '../../use-requests.js';

/** A model that a helper has opened. */
export interface HeldModel extends OpenedModel {
  readonly bytes: ModelFile['bytes'];
}

/** A worker that uses a copy of a run's model, so that the run goes on meanwhile. It starts when it is first asked. */
export class Helper {
  #client: Client | undefined;
  /** The run and the step that the model is of. */
  #heldOf = '';
  #held: HeldModel | undefined;

  /** Has the model as the run has it now. */
  async takeFrom(run: PageRun): Promise<HeldModel> {
    const now = `${run.id} ${run.step.value} ${run.state.value}`;
    if (this.#held !== undefined && this.#heldOf === now) return this.#held;
    const { bytes } = await run.ask('model', {});
    const held = await this.open(bytes);
    this.#heldOf = now;
    return held;
  }

  /** Has the model of a file. */
  async open(bytes: ModelFile['bytes']): Promise<HeldModel> {
    this.#heldOf = '';
    const opened = await this.ask('open', { bytes });
    return (this.#held = { ...opened, bytes });
  }

  ask<Name extends RequestName>(
    name: Name,
    input: Requests[Name]['input'],
    options?: AskOptions<Name>,
  ): Promise<Requests[Name]['output']> {
    this.#client ??= new Client();
    return this.#client.ask(name, input, options);
  }

  /** Ends it at once, whatever it does; it starts again when it is asked again. */
  end(): void {
    this.#client?.end();
    this.#client = undefined;
    this.#held = undefined;
    this.#heldOf = '';
  }
}

/** A helper that ends with the part of the page that has it. */
export function useHelper(): Helper {
  const helper = useRef<Helper>(undefined);
  helper.current ??= new Helper();
  useEffect(() => () => helper.current?.end(), []);
  return helper.current;
}
