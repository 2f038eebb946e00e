import { unseal } from '../../../../shared/contract/seals.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { folderName } from '../../format/folderMarks.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { FolderDialogProps } from './SealDialog.tsx';

export function UnsealDialog({ folder, params, onClose }: FolderDialogProps) {
  const name = folderName(folder.folder);
  const { notices } = useServices();
  const action = useAction(unseal);
  const act = () =>
    action.mutate(
      { params: { ...params, folderDate: folder.folder } },
      {
        onSuccess: () => {
          notices.say(`${name} is unsealed; the agent looks at all of it with its next run.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Unseal ${name}?`}
      confirm={`Unseal ${name}`}
      confirmDisabled={action.isPending}
      onConfirm={act}
      onClose={onClose}
    >
      <p>
        The agent compares its {sayAmount(folder.fileCount, 'file')} again with its next run and archives what
        is new or changed. Nothing is deleted. Once it is quiet for 24 hours and proved complete, it is sealed
        again by itself.
      </p>
      <ErrorNote error={action.error} doing="Unsealing" />
    </AskDialog>
  );
}
