import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { type RunnerView, updateRunner } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { useMay } from '../../app/session.ts';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { DisableDialog } from './DisableDialog.tsx';
import { EditRunnerDialog } from './EditRunnerDialog.tsx';

export interface RunnerProps {
  readonly runner: RunnerView;
}

type Opened = 'edit' | 'disable';

/** What an operator can do to an instrument as a whole. */
export function RunnerActions({ runner }: RunnerProps) {
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  if (!useMay('operator')) return null;
  return (
    <>
      <Button onClick={() => setOpened('edit')}>Edit instrument…</Button>
      {runner.status === 'active' ? (
        <Button onClick={() => setOpened('disable')}>Disable…</Button>
      ) : (
        <EnableButton runner={runner} />
      )}
      {opened === 'edit' ? <EditRunnerDialog runner={runner} onClose={close} /> : null}
      {opened === 'disable' ? <DisableDialog runner={runner} onClose={close} /> : null}
    </>
  );
}

function EnableButton({ runner }: RunnerProps) {
  const { notices } = useServices();
  const update = useAction(updateRunner);
  const enable = () =>
    update.mutate(
      { params: { runnerId: runner.runnerId }, body: { status: 'active' } },
      {
        onSuccess: () => notices.say(`${runner.name} is enabled; its agent goes on with its next heartbeat.`),
      },
    );
  return (
    <>
      <Button disabled={update.isPending} onClick={enable}>
        Enable
      </Button>
      <ErrorNote error={update.error} doing="Enabling the instrument" />
    </>
  );
}
