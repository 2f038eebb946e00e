import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isErrorCode } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

const seconds = z.number().int().min(0).max(3600);

const actionSchema = z.discriminatedUnion('kind', [
  /** 503 ServerBusy or 429 TooManyRequests. */
  z.strictObject({
    kind: z.literal('throttle'),
    status: z.union([z.literal(503), z.literal(429)]).default(503),
    retryAfterSeconds: seconds.optional(),
  }),
  /** Any error of the table, for example OperationTimedOut. */
  z.strictObject({
    kind: z.literal('error'),
    code: z.custom<ErrorCode>(
      (value) => typeof value === 'string' && isErrorCode(value),
      'an error code of this server',
    ),
    retryAfterSeconds: seconds.optional(),
  }),
  /** Takes the request and never answers. */
  z.strictObject({ kind: z.literal('silence') }),
  /** Cuts the connection: while the request's body comes in, or in the middle of the answer. */
  z.strictObject({
    kind: z.literal('disconnect'),
    during: z.enum(['request', 'answer']).default('request'),
    afterBytes: z.number().int().min(0).default(0),
  }),
  /** Does what was asked, then cuts the connection instead of answering. */
  z.strictObject({ kind: z.literal('loseAnswer') }),
  /** Waits before doing what was asked. */
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number().int().min(0).max(3_600_000) }),
  /** Answers as if the shared access signature were past its time; requests signed by key pass. */
  z.strictObject({ kind: z.literal('sasExpired') }),
  /** Answers as if the share had reached its quota. */
  z.strictObject({ kind: z.literal('shareFull') }),
]);

/** A fault and when it strikes. Everything left out matches everything. */
export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      /** A regular expression on the decoded path `account/share/path`. */
      path: z.string().refine(isRegularExpression, 'a regular expression').optional(),
      /** The name in the route table, for example `PutRange`. */
      operation: z.string().optional(),
    })
    .default({}),
  action: actionSchema,
  /** How many matching requests pass before the first that is struck. */
  skip: z.number().int().min(0).default(0),
  /** How many are struck; absent: all. */
  times: z.number().int().min(1).optional(),
  /** The chance of each to be struck. */
  probability: z.number().min(0).max(1).default(1),
});

export type FaultAction = z.output<typeof actionSchema>;
export type FaultRule = z.input<typeof faultRuleSchema>;

/** What a request looks like to a rule. */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
}

export interface FaultReport {
  readonly id: string;
  readonly rule: z.output<typeof faultRuleSchema>;
  /** Matching requests so far. */
  readonly seen: number;
  /** How many of them were struck. */
  readonly struck: number;
}

interface LiveRule extends FaultReport {
  seen: number;
  struck: number;
}

/** The fault script of a server: rules are tried in the order they were added, the first that strikes counts. */
export class Faults {
  readonly #rules = new Map<string, LiveRule>();
  readonly #random: () => number;

  constructor(rules: readonly FaultRule[] = [], random: () => number = Math.random) {
    this.#random = random;
    for (const rule of rules) this.add(rule);
  }

  /** Adds a rule. @returns its id @throws z.ZodError for a rule that makes no sense */
  add(rule: FaultRule): string {
    const id = randomUUID();
    this.#rules.set(id, { id, rule: faultRuleSchema.parse(rule), seen: 0, struck: 0 });
    return id;
  }

  /** Takes a rule out; unknown ids are no error. */
  remove(id: string): void {
    this.#rules.delete(id);
  }

  clear(): void {
    this.#rules.clear();
  }

  list(): FaultReport[] {
    return [...this.#rules.values()].map((live) => ({ ...live }));
  }

  /** The fault that strikes this request, if any. */
  strike(subject: FaultSubject): FaultAction | undefined {
    for (const live of this.#rules.values()) {
      if (!matches(live.rule.match, subject)) continue;
      live.seen += 1;
      if (live.seen <= live.rule.skip || live.struck >= (live.rule.times ?? Number.POSITIVE_INFINITY))
        continue;
      if (this.#random() >= live.rule.probability) continue;
      live.struck += 1;
      return live.rule.action;
    }
    return undefined;
  }
}

function matches(match: z.output<typeof faultRuleSchema>['match'], subject: FaultSubject): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== subject.method) return false;
  if (match.operation !== undefined && match.operation !== subject.operation) return false;
  return match.path === undefined || new RegExp(match.path, 'u').test(subject.path);
}

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
