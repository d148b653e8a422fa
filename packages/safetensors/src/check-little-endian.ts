/**
 * Files are little-endian and typed arrays have the machine's byte order; they are exchanged without conversion.
 *
 * @throws Error on a big-endian machine
 */
export function checkLittleEndian(where: string): void {
  const [lowByte] = new Uint8Array(Uint16Array.of(1).buffer);
  if (lowByte !== 1) {
    throw new Error(`${where}: this machine is big-endian, which isn't supported`);
  }
}
