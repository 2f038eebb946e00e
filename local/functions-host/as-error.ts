/** What was thrown, as an error: anything can be thrown, and only errors carry a stack. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`Thrown was ${String(thrown)}.`, { cause: thrown });
}
