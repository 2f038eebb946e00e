/** The number that a flag of the command line gives; throws, with what was wanted, for any other text. */
export function numberIn(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new RangeError(
    `${flag} is ${JSON.stringify(text)}; wanted: a number from ${String(least)} to ${String(most)}`,
  );
}
