import { Checkbox, Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import {
  type AlertRule,
  type ChannelView,
  createAlertRule,
  updateAlertRule,
} from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { type RuleDraft, draftOfRule, ruleFault, ruleOfDraft } from './ruleDraft.ts';
import { RuleMatchFields } from './RuleMatchFields.tsx';
import { RuleRouteFields } from './RuleRouteFields.tsx';

interface RuleDialogProps {
  /** Left out for a new rule. */
  readonly rule?: AlertRule;
  readonly channels: readonly ChannelView[];
  readonly position: number;
  readonly onClose: () => void;
}

/** Which alerts, and who is told of them. */
export function RuleDialog({ rule, channels, position, onClose }: RuleDialogProps) {
  const [draft, setDraft] = useState(() => draftOfRule(rule, position));
  const change = (part: Partial<RuleDraft>) => setDraft({ ...draft, ...part });
  const { notices } = useServices();
  const create = useAction(createAlertRule);
  const update = useAction(updateAlertRule);
  const fault = ruleFault(draft);
  const done = {
    onSuccess: () => {
      notices.say(`The rule ${draft.name.trim()} is saved; it decides from the next alert on.`);
      onClose();
    },
  };
  const save = () => {
    const body = ruleOfDraft(draft, rule);
    if (rule === undefined) create.mutate({ body }, done);
    else update.mutate({ params: { ruleId: rule.ruleId }, body: { ...body, version: rule.version } }, done);
  };
  return (
    <AskDialog
      title={rule === undefined ? 'Add a rule' : `Edit ${rule.name}`}
      confirm="Save the rule"
      confirmDisabled={fault !== undefined || create.isPending || update.isPending}
      onConfirm={save}
      onClose={onClose}
    >
      <Field label="Name">
        <Input value={draft.name} maxLength={200} onChange={(_, data) => change({ name: data.value })} />
      </Field>
      <RuleMatchFields draft={draft} onChange={change} />
      <RuleRouteFields draft={draft} channels={channels} onChange={change} />
      <Field label="Place in the order" hint="Lower is asked first.">
        <Input
          type="number"
          value={draft.position}
          onChange={(_, data) => change({ position: data.value })}
        />
      </Field>
      <Checkbox
        label="Switched on"
        checked={draft.enabled}
        onChange={(_, data) => change({ enabled: data.checked === true })}
      />
      {fault === undefined ? null : <p className="bad-text">{fault}</p>}
      <ErrorNote error={create.error ?? update.error} doing="Saving the rule" />
    </AskDialog>
  );
}
