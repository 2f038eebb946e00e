import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import { bulkRetry } from '../../../../shared/contract/workflows.ts';
import { ERROR_TAGS, isPermanentTag } from '../../../../shared/domain/errorTags.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { sayAmount } from '../../format/amount.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { Choice } from '../../parts/Choice.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { Touched } from './Touched.tsx';

type Preview = ResponseOf<typeof bulkRetry>;

const PER_MINUTE = 60;
const retryable = ERROR_TAGS.filter((tag) => !isPermanentTag(tag));

/** First says which failed runs it would retry, then retries them as a run of its own. */
export function BulkRetryDialog({ names, onClose }: { names: readonly string[]; onClose: () => void }) {
  const [tag, setTag] = useState<(typeof retryable)[number]>('ServiceUnavailableError');
  const [name, setName] = useState('');
  const preview = useAction(bulkRetry);
  const real = useAction(bulkRetry);
  const { notices } = useServices();
  const navigate = useNavigate();
  const body = { tag, perMinute: PER_MINUTE, ...(name === '' ? {} : { name }) };
  const seen = preview.data;
  const choose = (change: () => void) => {
    change();
    preview.reset();
  };
  const look = () => preview.mutate({ body: { ...body, preview: true } });
  const start = () =>
    real.mutate(
      { body: { ...body, preview: false } },
      {
        onSuccess: ({ runId, count }) => {
          notices.say(
            runId === null
              ? 'None is left to retry.'
              : `${sayAmount(count, 'run')} being retried, 60 a minute.`,
          );
          onClose();
          if (runId !== null) void navigate({ to: '/runs/$runId', params: { runId } });
        },
      },
    );
  return (
    <AskDialog
      title="Retry failed runs"
      confirm={confirmText(seen)}
      confirmDisabled={preview.isPending || real.isPending || seen?.count === 0}
      onConfirm={seen === undefined ? look : start}
      onClose={onClose}
    >
      <p>
        Each goes on after its last good step, 60 a minute. Failures that repeating does not mend (refused
        payloads and credentials, conflicts, what is not there) are left out: mend their cause and retry them
        one by one.
      </p>
      <Choice
        label="Failed with"
        none="Choose an error"
        value={tag}
        onChoose={(chosen) => choose(() => setTag(retryable.find((known) => known === chosen) ?? tag))}
      >
        {retryable.map((known) => (
          <option key={known}>{known}</option>
        ))}
      </Choice>
      <Choice label="Workflow" value={name} onChoose={(chosen) => choose(() => setName(chosen))}>
        {names.map((known) => (
          <option key={known}>{known}</option>
        ))}
      </Choice>
      {seen === undefined ? null : <Touched preview={seen} />}
      <ErrorNote error={preview.error} doing="Looking" />
      <ErrorNote error={real.error} doing="Retrying" />
    </AskDialog>
  );
}

function confirmText(seen: Preview | undefined): string {
  return seen === undefined ? 'Look first, change nothing' : `Retry ${sayAmount(seen.count, 'run')}`;
}
