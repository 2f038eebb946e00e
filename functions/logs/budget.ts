export interface Budget {
  /** How many of the wanted lines may be taken now. */
  take(key: string, wanted: number, nowMs: number): number;
  /** What was taken and then could not be kept. */
  giveBack(key: string, count: number): void;
  /** How long until so many may be taken, in milliseconds. */
  waitMs(key: string, wanted: number, nowMs: number): number;
}

interface Account {
  left: number;
  atMs: number;
}

/**
 * So many lines a minute for each key, a minute's worth at once. Kept in this process: several hosts grant as much
 * each. Forgets everybody above `maxKeys`, who then begin with a full minute.
 */
export function createBudget({ perMinute, maxKeys }: { perMinute: number; maxKeys: number }): Budget {
  const accounts = new Map<string, Account>();
  const accountOf = (key: string, nowMs: number): Account => {
    const known = accounts.get(key) ?? { left: perMinute, atMs: nowMs };
    if (accounts.size >= maxKeys && !accounts.has(key)) accounts.clear();
    accounts.set(key, known);
    const earned = (Math.max(0, nowMs - known.atMs) / 60_000) * perMinute;
    known.left = Math.min(perMinute, known.left + earned);
    known.atMs = nowMs;
    return known;
  };
  return {
    take: (key, wanted, nowMs) => {
      const account = accountOf(key, nowMs);
      const count = Math.min(wanted, Math.floor(account.left));
      account.left -= count;
      return count;
    },
    giveBack: (key, count) => {
      const account = accounts.get(key);
      if (account !== undefined) account.left = Math.min(perMinute, account.left + count);
    },
    waitMs: (key, wanted, nowMs) => {
      const lacking = Math.min(wanted, perMinute) - accountOf(key, nowMs).left;
      return Math.max(0, (lacking / perMinute) * 60_000);
    },
  };
}
