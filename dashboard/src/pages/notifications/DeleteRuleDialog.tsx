import { type AlertRule, deleteAlertRule } from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';

export function DeleteRuleDialog({ rule, onClose }: { rule: AlertRule; onClose: () => void }) {
  const { notices } = useServices();
  const action = useAction(deleteAlertRule);
  const remove = () =>
    action.mutate(
      { params: { ruleId: rule.ruleId } },
      {
        onSuccess: () => {
          notices.say(`The rule ${rule.name} is deleted.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Delete ${rule.name}?`}
      confirm={`Delete ${rule.name}`}
      confirmDisabled={action.isPending}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        Alerts that it matched go to the next rule that matches, or to nobody when none does. It tells{' '}
        {rule.routes.length === 0 ? 'nobody now' : `${sayAmount(rule.routes.length, 'channel')} now`}. To try
        without it first, switch it off instead.
      </p>
      <ErrorNote error={action.error} doing="Deleting the rule" />
    </AskDialog>
  );
}
