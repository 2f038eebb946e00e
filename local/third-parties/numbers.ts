/** `0007`: numbers as names are sorted by. */
export function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
