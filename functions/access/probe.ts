export type ProbeVerdict = 'ok' | 'failed';

export interface ProbeOptions {
  readonly ask: () => Promise<void>;
  /** Who asks waits this long at most. */
  readonly limitMs: number;
  /** A verdict is used again for this long, so that anybody's asking puts no load on what is asked about. */
  readonly keepMs: number;
  readonly nowMs: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Asks whether a part answers: one question at a time, however many want to know; those wait for the same answer. */
export function createProbe(options: ProbeOptions): () => Promise<ProbeVerdict> {
  let kept: { readonly verdict: ProbeVerdict; readonly untilMs: number } | undefined;
  let asking: Promise<ProbeVerdict> | undefined;
  const ask = async (): Promise<ProbeVerdict> => {
    let verdict: ProbeVerdict = 'ok';
    try {
      await options.ask();
    } catch (error) {
      options.onFailure(error);
      verdict = 'failed';
    }
    kept = { verdict, untilMs: options.nowMs() + options.keepMs };
    asking = undefined;
    return verdict;
  };
  return async () => {
    if (kept !== undefined && options.nowMs() < kept.untilMs) return kept.verdict;
    return withinLimit((asking ??= ask()), options.limitMs);
  };
}

async function withinLimit(verdict: Promise<ProbeVerdict>, limitMs: number): Promise<ProbeVerdict> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<ProbeVerdict>((resolve) => {
    timer = setTimeout(() => resolve('failed'), limitMs);
  });
  try {
    return await Promise.race([verdict, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
