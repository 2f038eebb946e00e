import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { resolveAlertByHand } from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../AskDialog.tsx';
import { ErrorNote } from '../ErrorNote.tsx';
import type { AlertDialogProps } from './AlertActions.tsx';

/** Somebody says that it is over, and why. */
export function ResolveDialog({ alert, onClose }: AlertDialogProps) {
  const [reason, setReason] = useState('');
  const { notices } = useServices();
  const action = useAction(resolveAlertByHand);
  const resolve = () =>
    action.mutate(
      { params: { alertId: alert.alertId }, body: { reason: reason.trim() } },
      {
        onSuccess: () => {
          notices.say(`${alert.title}: resolved.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Resolve “${alert.title}”?`}
      confirm="Resolve: it is over"
      confirmDisabled={action.isPending || reason.trim() === ''}
      onConfirm={resolve}
      onClose={onClose}
    >
      <p>Whoever was told of it is told that it is over. {whatThen(alert.source)}</p>
      <Field label="Why is it over?" hint="Kept in the alert’s history.">
        <Input value={reason} maxLength={4000} onChange={(_, data) => setReason(data.value)} />
      </Field>
      <ErrorNote error={action.error} doing="Resolving" />
    </AskDialog>
  );
}

/** What a check found it finds again; what was met once as it happened stays over. */
function whatThen(source: string | null): string {
  return source === null
    ? 'It was met as it happened: nothing checks again whether it is.'
    : 'A check found it: if it still does, the alert opens again.';
}
