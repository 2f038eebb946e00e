import { type FolderView, seal } from '../../../../shared/contract/seals.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { folderName } from '../../format/folderMarks.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';

export interface FolderDialogProps {
  readonly folder: FolderView;
  readonly params: { readonly runnerId: string; readonly jobId: string };
  readonly onClose: () => void;
}

export function SealDialog({ folder, params, onClose }: FolderDialogProps) {
  const name = folderName(folder.folder);
  const { notices } = useServices();
  const action = useAction(seal);
  const act = () =>
    action.mutate(
      { params: { ...params, folderDate: folder.folder } },
      {
        onSuccess: () => {
          notices.say(`${name} is sealed.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Seal ${name}?`}
      confirm={`Seal ${name}`}
      confirmDisabled={action.isPending}
      onConfirm={act}
      onClose={onClose}
    >
      <p>
        Its {sayAmount(folder.fileCount, 'file')} {folder.fileCount === 1 ? 'stays' : 'stay'} where{' '}
        {folder.fileCount === 1 ? 'it is' : 'they are'}. The agent no longer compares each of them every
        cycle: it looks at the folder’s time and count each cycle, and at every file once a day. A write into
        it unseals it by itself.
      </p>
      <ErrorNote error={action.error} doing="Sealing" />
    </AskDialog>
  );
}
