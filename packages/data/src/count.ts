/** A count as people read it: `228,145`, in every locale. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}
