import { updateRunner } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { RunnerProps } from './RunnerActions.tsx';

/** Cuts an agent off: its PC was stolen, or the instrument is out of use. */
export function DisableDialog({ runner, onClose }: RunnerProps & { onClose: () => void }) {
  const { notices } = useServices();
  const update = useAction(updateRunner);
  const disable = () =>
    update.mutate(
      { params: { runnerId: runner.runnerId }, body: { status: 'disabled' } },
      {
        onSuccess: () => {
          notices.say(`${runner.name} is disabled.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Disable ${runner.name}?`}
      confirm={`Disable ${runner.name}`}
      confirmDisabled={update.isPending}
      onConfirm={disable}
      onClose={onClose}
    >
      <p>
        Its agent loses its access to the server and to the share at once. Nothing of this instrument is
        archived until somebody enables it, and nobody is alerted; what the instrument deletes meanwhile is
        lost. What is archived stays.
      </p>
      <ErrorNote error={update.error} doing="Disabling the instrument" />
    </AskDialog>
  );
}
