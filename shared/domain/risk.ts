/** One answer to "is it at risk?": a level, one sentence with numbers, and what to do. */
export interface Risk {
  readonly level: 'safe' | 'attention' | 'danger';
  readonly sentence: string;
  /** Null: nothing needs doing. */
  readonly action: string | null;
}

const rank = { safe: 0, attention: 1, danger: 2 } as const;

export const safe = (sentence: string): Risk => ({ level: 'safe', sentence, action: null });
export const attention = (sentence: string, action: string): Risk => ({
  level: 'attention',
  sentence,
  action,
});
export const danger = (sentence: string, action: string): Risk => ({ level: 'danger', sentence, action });

/** The worst of several; of equals the first. */
export function worstOf(first: Risk, ...others: readonly Risk[]): Risk {
  return others.reduce((worst, risk) => (rank[risk.level] > rank[worst.level] ? risk : worst), first);
}
