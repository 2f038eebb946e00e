import { expect } from 'vitest';
import type { Subject } from '../../infra/policies/rule.ts';
import { judged, ruleOf, type Sample } from './judging.ts';

export interface RuleCase {
  /** Of the rule. */
  readonly rule: string;
  /** What passes. */
  readonly good: readonly Sample[];
  /** Each with what the messages say of it, in order. */
  readonly bad: readonly (readonly [readonly Sample[], readonly string[]])[];
}

/** A case for each rule of a subject, and none for a rule that is not there. */
export function expectACaseForEach({ rules }: Subject, cases: readonly RuleCase[]): void {
  expect(cases.map(({ rule }) => rule)).toEqual(rules.map(({ name }) => name));
}

export async function expectVerdicts(subject: Subject, { rule, good, bad }: RuleCase): Promise<void> {
  const asked = ruleOf(subject, rule);
  expect(await judged(asked, good), 'of what is good').toEqual([]);
  for (const [samples, says] of bad) expect(await judged(asked, samples)).toEqual(says);
}

/** The good sample with some of its properties otherwise; undefined: left out. */
export function but(sample: Sample, props: Readonly<Record<string, unknown>>): Sample {
  return { ...sample, props: { ...sample.props, ...props } };
}
