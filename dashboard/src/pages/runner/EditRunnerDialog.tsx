import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { updateRunner } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { RunnerProps } from './RunnerActions.tsx';

/** What people call an instrument, and which others share its fate. */
export function EditRunnerDialog({ runner, onClose }: RunnerProps & { onClose: () => void }) {
  const [name, setName] = useState(runner.name);
  const [group, setGroup] = useState(runner.group ?? '');
  const { notices } = useServices();
  const update = useAction(updateRunner);
  const save = () =>
    update.mutate(
      {
        params: { runnerId: runner.runnerId },
        body: { name: name.trim(), group: group.trim() === '' ? null : group.trim() },
      },
      {
        onSuccess: () => {
          notices.say(`${name.trim()} is changed.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Edit ${runner.name}`}
      confirm="Save"
      confirmDisabled={name.trim() === '' || update.isPending}
      onConfirm={save}
      onClose={onClose}
    >
      <Field label="Name of the instrument">
        <Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field
        label="Group"
        hint="Instruments of one site or network: when all of a group fall silent, it is one alert. A name that is new makes a group."
      >
        <Input value={group} maxLength={200} onChange={(_, data) => setGroup(data.value)} />
      </Field>
      <ErrorNote error={update.error} doing="Saving the instrument" />
    </AskDialog>
  );
}
