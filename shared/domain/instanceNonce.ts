/**
 * The nonces of one agent key: which process is alive under it. A process draws its nonce at random when it starts.
 *
 * A restart and a cloned disk look alike at first: a new nonce speaks. The difference is whether the old one falls
 * silent. So the newcomer takes over and the old nonce is kept as `previous`; if that one speaks again, two are alive,
 * the older keeps its place and the younger is refused for as long as it runs.
 */
export interface InstanceNonces {
  /** The live process; null before the first heartbeat under this key. */
  readonly instance: string | null;
  /** The one it took over from. */
  readonly previous: string | null;
  /** The younger of two. */
  readonly refused: string | null;
}

export type InstanceVerdict =
  /** It is the live process, and nothing changes. */
  | { readonly kind: 'known' }
  /** A heartbeat that its process sent before it ended, delivered late: it proves nothing. */
  | { readonly kind: 'late' }
  /** A process that was not heard before: it takes over. */
  | { readonly kind: 'successor'; readonly nonces: InstanceNonces }
  /** The one that was thought to be gone speaks: it keeps its place, the younger is refused from now on. */
  | { readonly kind: 'cloned'; readonly nonces: InstanceNonces }
  /** The younger of two: answered 409 until it ends. */
  | { readonly kind: 'refused' };

/**
 * Decides what a heartbeat's nonce says. `sinceTakeoverMs` is how long ago the live process was first heard, by the
 * platform's clock: within `graceMs` a word of its predecessor may only have been delayed on the way.
 */
export function judgeInstance(
  nonces: InstanceNonces,
  spoken: string,
  takeover: { readonly sinceTakeoverMs: number; readonly graceMs: number },
): InstanceVerdict {
  if (spoken === nonces.refused) return { kind: 'refused' };
  if (spoken === nonces.instance) return { kind: 'known' };
  if (spoken === nonces.previous) {
    if (takeover.sinceTakeoverMs < takeover.graceMs) return { kind: 'late' };
    return { kind: 'cloned', nonces: { instance: spoken, previous: null, refused: nonces.instance } };
  }
  return {
    kind: 'successor',
    nonces: { instance: spoken, previous: nonces.instance, refused: nonces.refused },
  };
}
