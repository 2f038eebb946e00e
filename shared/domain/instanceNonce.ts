/**
 * The nonces of one agent key: which process is alive under it. A process draws its nonce at random when it starts.
 *
 * A restart and a cloned disk look alike at first: a new nonce speaks. The difference is whether the old one falls
 * silent. So the newcomer takes over and the old nonces are kept as `former`; if one of them speaks again, several are
 * alive, the oldest keeps its place and the younger are refused for as long as they run.
 */
export interface InstanceNonces {
  /** The live process; null before the first heartbeat under this key. */
  readonly instance: string | null;
  /** Those that it and its predecessors took over from, newest first. */
  readonly former: readonly string[];
  /** Younger ones of several, the last that was found out first. */
  readonly refused: readonly string[];
}

/** How many former and how many refused ones are remembered: a process that is forgotten is found out again when it speaks. */
const REMEMBERED = 16;

export type InstanceVerdict =
  /** It is the live process, and nothing changes. */
  | { readonly kind: 'known' }
  /** A heartbeat that its process sent before it ended, delivered late: it proves nothing. */
  | { readonly kind: 'late' }
  /** A process that was not heard before: it takes over. */
  | { readonly kind: 'successor'; readonly nonces: InstanceNonces }
  /** One that was thought to be gone speaks: it has its place again, all younger ones are refused from now on. */
  | { readonly kind: 'cloned'; readonly nonces: InstanceNonces }
  /** A younger of several: answered 409 until it ends. */
  | { readonly kind: 'refused' };

/**
 * Decides what a heartbeat's nonce says. `sinceTakeoverMs` is how long ago the live process was first heard, by the
 * platform's clock: within `graceMs` a word of a predecessor may only have been delayed on the way.
 */
export function judgeInstance(
  nonces: InstanceNonces,
  spoken: string,
  takeover: { readonly sinceTakeoverMs: number; readonly graceMs: number },
): InstanceVerdict {
  const { instance, former, refused } = nonces;
  if (refused.includes(spoken)) return { kind: 'refused' };
  if (spoken === instance) return { kind: 'known' };
  const age = former.indexOf(spoken);
  if (age === -1)
    return { kind: 'successor', nonces: { instance: spoken, former: remember(instance, former), refused } };
  if (takeover.sinceTakeoverMs < takeover.graceMs) return { kind: 'late' };
  const younger = remember(instance, former.slice(0, age));
  return {
    kind: 'cloned',
    nonces: {
      instance: spoken,
      former: former.slice(age + 1),
      refused: [...younger, ...refused].slice(0, REMEMBERED),
    },
  };
}

function remember(nonce: string | null, others: readonly string[]): readonly string[] {
  return nonce === null ? others : [nonce, ...others].slice(0, REMEMBERED);
}
