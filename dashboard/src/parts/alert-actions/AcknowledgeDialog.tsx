import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { acknowledgeAlert } from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { AskDialog } from '../AskDialog.tsx';
import { ErrorNote } from '../ErrorNote.tsx';
import type { AlertDialogProps } from './AlertActions.tsx';

/** Somebody is on it: the others need not be. */
export function AcknowledgeDialog({ alert, onClose }: AlertDialogProps) {
  const [note, setNote] = useState('');
  const { notices } = useServices();
  const action = useAction(acknowledgeAlert);
  const text = note.trim();
  const acknowledge = () =>
    action.mutate(
      { params: { alertId: alert.alertId }, body: text === '' ? {} : { note: text } },
      {
        onSuccess: () => {
          notices.say(`${alert.title}: acknowledged.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Acknowledge “${alert.title}”?`}
      confirm="Acknowledge: I am on it"
      confirmDisabled={action.isPending}
      onConfirm={acknowledge}
      onClose={onClose}
    >
      <p>
        The others see that you are on it
        {alert.effects === 0 ? '' : `, and on ${sayAmount(alert.effects, 'alert')} that it explains`}. It
        stays here until it is over, and is told again if it gets worse.
      </p>
      <Field label="What are you doing about it?" hint="Kept in the alert’s history; may be empty.">
        <Input value={note} maxLength={4000} onChange={(_, data) => setNote(data.value)} />
      </Field>
      <ErrorNote error={action.error} doing="Acknowledging" />
    </AskDialog>
  );
}
