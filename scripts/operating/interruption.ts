/** Hears of Ctrl-C once; a second one ends the process as if nobody listened. */
export function listenForInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once('SIGINT', abort);
  return { signal: controller.signal, stop: () => process.removeListener('SIGINT', abort) };
}
