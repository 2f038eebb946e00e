import type { PartyName } from './parties.ts';

/** A way in which an API breaks. */
export type FaultKind =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: string;
      readonly pointer?: string;
    }
  /** Nothing is answered, and the connection stays. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'reset' }
  /** The connection ends within the answer. */
  | { readonly kind: 'half' }
  /** 200 with a page for people, as a proxy before it would. */
  | { readonly kind: 'html' }
  /** It answers as if it held nothing. */
  | { readonly kind: 'emptied' };

export type Fault = FaultKind & {
  readonly party: PartyName;
  /** Only requests whose path or query contains this. */
  readonly on?: string;
  /** How many such requests pass before it strikes; 0 unless said otherwise. */
  readonly after?: number;
  /** How many requests it strikes; 1 unless said otherwise. */
  readonly times?: number;
};

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that strikes this request, if one does; counts it. */
  strike(party: string, target: string): FaultKind | undefined;
}

export function createFaults(): Faults {
  let armed: { readonly fault: Fault; toPass: number; toStrike: number }[] = [];
  return {
    add: (fault) => {
      armed.push({ fault, toPass: fault.after ?? 0, toStrike: fault.times ?? 1 });
    },
    clear: () => {
      armed = [];
    },
    strike: (party, target) => {
      for (const rule of armed) {
        if (rule.fault.party !== party || !target.includes(rule.fault.on ?? '')) continue;
        if (rule.toPass > 0) {
          rule.toPass -= 1;
          continue;
        }
        if (rule.toStrike <= 0) continue;
        rule.toStrike -= 1;
        return rule.fault;
      }
      return undefined;
    },
  };
}
