/** Writes lines to stdout. What a command is asked for goes there; progress and errors go to stderr. */
export function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
