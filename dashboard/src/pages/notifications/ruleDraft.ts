import type { z } from 'zod';
import { type AlertRule, ruleBody, type Severity } from '../../../../shared/contract/alerts.ts';
import { linesOf } from '../../format/lines.ts';

type RuleBody = z.infer<typeof ruleBody>;
type AlertClass = NonNullable<AlertRule['match']['classes']>[number];

/** A rule as it stands in the form's fields. */
export interface RuleDraft {
  readonly name: string;
  readonly position: string;
  readonly enabled: boolean;
  readonly minSeverity: Severity;
  readonly classes: readonly AlertClass[];
  readonly sources: string;
  readonly runnerIds: readonly string[];
  /** By channel: what stands in its recipients' field; a channel that is not told is missing. */
  readonly routes: Readonly<Record<string, string>>;
}

export function draftOfRule(rule: AlertRule | undefined, position: number): RuleDraft {
  return {
    name: rule?.name ?? '',
    position: String(position),
    enabled: rule?.enabled ?? true,
    minSeverity: rule?.match.minSeverity ?? 'critical',
    classes: rule?.match.classes ?? [],
    sources: rule?.match.sources?.join('\n') ?? '',
    runnerIds: rule?.match.runnerIds ?? [],
    routes: Object.fromEntries(rule?.routes.map((one) => [one.channelId, one.recipients.join('\n')]) ?? []),
  };
}

/** What to send for a draft; groups cannot be chosen here and stay as they were. */
export function ruleOfDraft(draft: RuleDraft, before: AlertRule | undefined): RuleBody {
  const sources = linesOf(draft.sources);
  const groupIds = before?.match.groupIds;
  return {
    name: draft.name.trim(),
    position: Number(draft.position),
    enabled: draft.enabled,
    match: {
      minSeverity: draft.minSeverity,
      ...(draft.classes.length === 0 ? {} : { classes: [...draft.classes] }),
      ...(sources.length === 0 ? {} : { sources }),
      ...(draft.runnerIds.length === 0 ? {} : { runnerIds: [...draft.runnerIds] }),
      ...(groupIds === undefined ? {} : { groupIds }),
    },
    routes: Object.entries(draft.routes).map(([channelId, recipients]) => ({
      channelId,
      recipients: linesOf(recipients),
    })),
  };
}

/** The first thing that the contract would refuse, in a sentence; undefined when it would be taken. */
export function ruleFault(draft: RuleDraft): string | undefined {
  if (draft.name.trim() === '') return 'The rule needs a name.';
  const parsed = ruleBody.safeParse(ruleOfDraft(draft, undefined));
  if (parsed.success) return undefined;
  const fault = parsed.error.issues[0];
  const isRecipient = fault?.path.includes('recipients') === true;
  return isRecipient
    ? 'A recipient is no e-mail address: one a line, such as on-call@example.org.'
    : `${String(fault?.path[0] ?? 'The rule')} is not possible: ${fault?.message ?? ''}.`;
}
