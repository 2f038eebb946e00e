/** From when to when, in ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const LEAST_PERCENT = 0.8;

/** Where a span lies within a longer one, in per cent: kept inside it, and never too thin to be seen. */
export function placeOf(of: Span, within: Span): { readonly x: number; readonly width: number } {
  const whole = Math.max(1, within.toMs - within.fromMs);
  const from = clamp(((of.fromMs - within.fromMs) / whole) * 100);
  const to = clamp(((of.toMs - within.fromMs) / whole) * 100);
  const width = Math.max(LEAST_PERCENT, to - from);
  return { x: Math.min(from, 100 - width), width };
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
