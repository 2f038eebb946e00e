import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { type AlertSummary, snoozeAlert } from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useNow, useServices } from '../../app/services.ts';
import { isSnoozed } from '../../format/alertMarks.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx';
import { ResolveDialog } from './ResolveDialog.tsx';
import { SnoozeDialog } from './SnoozeDialog.tsx';

export interface AlertDialogProps {
  readonly alert: AlertSummary;
  readonly onClose: () => void;
}

const dialogs = { acknowledge: AcknowledgeDialog, snooze: SnoozeDialog, resolve: ResolveDialog };

/** What an operator can do about an alert; nothing once it is resolved. `compact`: in a row of a table. */
export function AlertActions({ alert, compact = false }: { alert: AlertSummary; compact?: boolean }) {
  const [opened, setOpened] = useState<keyof typeof dialogs>();
  const snoozed = isSnoozed(alert, useNow());
  if (alert.status === 'resolved') return null;
  const Dialog = opened === undefined ? undefined : dialogs[opened];
  const size = compact ? 'small' : 'medium';
  return (
    <div className="actions alert-actions">
      {alert.status === 'open' ? (
        <Button
          size={size}
          appearance={compact ? 'secondary' : 'primary'}
          onClick={() => setOpened('acknowledge')}
        >
          Acknowledge…
        </Button>
      ) : null}
      {snoozed ? (
        <WakeButton alert={alert} size={size} />
      ) : (
        <Button size={size} onClick={() => setOpened('snooze')}>
          Snooze…
        </Button>
      )}
      <Button size={size} onClick={() => setOpened('resolve')}>
        Resolve…
      </Button>
      {Dialog === undefined ? null : <Dialog alert={alert} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

function WakeButton({ alert, size }: { alert: AlertSummary; size: 'small' | 'medium' }) {
  const { notices } = useServices();
  const action = useAction(snoozeAlert);
  const wake = () =>
    action.mutate(
      { params: { alertId: alert.alertId }, body: { until: null } },
      { onSuccess: () => notices.say(`${alert.title}: people are told of it again.`) },
    );
  return (
    <>
      <Button size={size} disabled={action.isPending} onClick={wake}>
        End the snooze
      </Button>
      <ErrorNote error={action.error} doing="Ending the snooze" />
    </>
  );
}
