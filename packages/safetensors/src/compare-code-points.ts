/**
 * Orders strings by code points, which is the order of their UTF-8 bytes. JavaScript's own order differs: it puts
 * what needs a surrogate pair (U+10000 and above) before U+E000 … U+FFFF.
 *
 * @returns negative when `a` comes first, positive when `b` does, 0 when they are equal
 */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    if (a[i] !== b[i]) return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
  return isSurrogate ? unit + 0x10000 : unit;
}
