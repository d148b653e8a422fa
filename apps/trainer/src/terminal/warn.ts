/** Writes a warning as a line to stderr, over the progress bar if one is there. */
export function warn(message: string): void {
  const { stderr } = process;
  stderr.write(`${stderr.isTTY ? '\r\u001B[K' : ''}llm101: ${message}\n`);
}
