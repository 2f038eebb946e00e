import { Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';
import { snoozeAlert } from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayClock } from '../../format/time.ts';
import { AskDialog } from '../AskDialog.tsx';
import { ErrorNote } from '../ErrorNote.tsx';
import type { AlertDialogProps } from './AlertActions.tsx';
import { snoozeChoices } from './snoozeChoices.ts';

/** Quiet for a while; the alert itself goes on. */
export function SnoozeDialog({ alert, onClose }: AlertDialogProps) {
  const { notices, clock } = useServices();
  const [choices] = useState(() => snoozeChoices(clock.read()));
  const [name, setName] = useState(choices[0]?.name);
  const action = useAction(snoozeAlert);
  const chosen = choices.find((choice) => choice.name === name);
  const snooze = () => {
    if (chosen === undefined) return;
    action.mutate(
      { params: { alertId: alert.alertId }, body: { until: chosen.until } },
      {
        onSuccess: () => {
          notices.say(`${alert.title}: nobody is told ${chosen.name}.`);
          onClose();
        },
      },
    );
  };
  return (
    <AskDialog
      title={`Snooze “${alert.title}”?`}
      confirm={chosen === undefined ? 'Snooze' : `Snooze ${chosen.name}`}
      confirmDisabled={chosen === undefined || action.isPending}
      onConfirm={snooze}
      onClose={onClose}
    >
      <p>Nobody is told of it meanwhile. It stays unresolved, and this page shows it as before.</p>
      <RadioGroup value={name ?? ''} onChange={(_, data) => setName(data.value)} aria-label="How long">
        {choices.map((choice) => (
          <Radio
            key={choice.name}
            value={choice.name}
            label={`${choice.name} (until ${sayClock(Date.parse(choice.until)).slice(0, 5)})`}
          />
        ))}
      </RadioGroup>
      <ErrorNote error={action.error} doing="Snoozing" />
    </AskDialog>
  );
}
