/** A run as a scaling law sees it. */
export interface RunPoint {
  /** The run's; a row of a table has none. */
  readonly name?: string | undefined;
  readonly parameters: number;
  readonly tokens: number;
  readonly flop: number;
  readonly loss: number;
}
