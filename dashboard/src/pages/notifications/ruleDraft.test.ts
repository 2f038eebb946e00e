import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../../../../shared/contract/alerts.ts';
import { draftOfRule, ruleFault, ruleOfDraft } from './ruleDraft.ts';

const rule: AlertRule = {
  ruleId: 'r1',
  name: 'Night shift',
  position: 20,
  enabled: true,
  match: { minSeverity: 'warning', classes: ['data_loss'], runnerIds: ['argo1'], groupIds: ['g1'] },
  routes: [{ channelId: 'mail', recipients: ['a@example.org', 'b@example.org'] }],
  version: 3,
  updatedAt: '2026-04-13T02:00:00.000Z',
};

describe('a rule in the form', () => {
  it('S8 an unchanged draft sends the rule as it was, groups that the form does not show included', () => {
    const { name, position, enabled, match, routes } = rule;
    expect(ruleOfDraft(draftOfRule(rule, 20), rule)).toEqual({ name, position, enabled, match, routes });
  });

  it('S8 a rule without name, with half an address or an odd place is refused in words', () => {
    const draft = draftOfRule(rule, 20);
    expect(ruleFault(draft)).toBeUndefined();
    expect(ruleFault({ ...draft, name: ' ' })).toContain('name');
    expect(ruleFault({ ...draft, routes: { mail: 'half@' } })).toContain('no e-mail address');
    expect(ruleFault({ ...draft, position: '1.5' })).toContain('position');
  });
});
