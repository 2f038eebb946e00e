/** The `index`-th range of `prefix` bits within an IPv4 range: `10.0.0.0/22`, 26, 1 → `10.0.0.64/26`. */
export function subnetOf(range: string, prefix: number, index: number): string {
  const [address = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - prefix);
  if (prefix < Number(bits) || (index + 1) * size > 2 ** (32 - Number(bits)))
    throw new RangeError(`${range} has no range ${index} of /${prefix} in it`);
  const base = Math.floor(numberOf(address) / 2 ** (32 - Number(bits))) * 2 ** (32 - Number(bits));
  return `${addressOf(base + index * size)}/${prefix}`;
}

/** First and last address of a range, or of a single address, as SQL's firewall wants them. */
export function boundsOf(range: string): { readonly first: string; readonly last: string } {
  const [address = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  const base = Math.floor(numberOf(address) / size) * size;
  return { first: addressOf(base), last: addressOf(base + size - 1) };
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join('.');
}
