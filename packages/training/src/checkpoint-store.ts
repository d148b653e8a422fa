/** Where checkpoints are kept, by name: a folder, a browser's database, or something of your own. */
export interface CheckpointStore {
  /** The names there are, in any order. */
  list(): Promise<string[]>;
  /** @throws Error when there is none of that name, or it can't be read */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes wholly or not at all; what had that name before stays until then. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Does nothing where there is none of that name. */
  remove(name: string): Promise<void>;
}
