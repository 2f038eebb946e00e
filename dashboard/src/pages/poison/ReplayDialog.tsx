import { replayPoison } from '../../../../shared/contract/workflows.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';

interface ReplayDialogProps {
  readonly count: number;
  /** Left out: all that are shown. */
  readonly messageId?: string;
  readonly onClose: () => void;
}

/** Puts messages back into their queue. */
export function ReplayDialog({ count, messageId, onClose }: ReplayDialogProps) {
  const replay = useAction(replayPoison);
  const { notices } = useServices();
  const what = sayAmount(count, 'message');
  const act = () =>
    replay.mutate(
      { body: messageId === undefined ? {} : { messageIds: [messageId] } },
      {
        onSuccess: ({ replayed }) => {
          notices.say(
            replayed === 0
              ? 'None was there any more: nothing was replayed.'
              : `${sayAmount(replayed, 'message')} put back into the queue.`,
          );
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Replay ${what}?`}
      confirm={`Replay ${what}`}
      confirmDisabled={replay.isPending}
      onConfirm={act}
      onClose={onClose}
    >
      <p>
        {count === 1 ? 'It goes' : 'They go'} back into the queue and {count === 1 ? 'is' : 'are'} worked on
        within seconds. One whose run has gone on without it is acknowledged there and has no effect; one that
        cannot be worked on comes back here after five attempts.
      </p>
      <ErrorNote error={replay.error} doing="Replaying" />
    </AskDialog>
  );
}
