import { Field, Input, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { type JobView, updateJob } from '../../../../shared/contract/fleet.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import type { JobProps } from './JobActions.tsx';
import { type JobDraft, draftFault, draftOf, jobChange } from './jobDraft.ts';

/** Changes how often a job looks, what it takes and when its instrument deletes. */
export function EditJobDialog({ runner, job, onClose }: JobProps & { onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(job));
  const { notices } = useServices();
  const update = useAction(updateJob);
  const fault = draftFault(draft);
  const save = () =>
    update.mutate(
      { params: { runnerId: runner.runnerId, jobId: job.jobId }, body: jobChange(draft) },
      {
        onSuccess: () => {
          notices.say(`${job.name} is changed; ${runner.name} hears of it with its next heartbeat.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={`Edit ${job.name} on ${runner.name}`}
      confirm="Save"
      confirmDisabled={fault !== undefined || update.isPending}
      onConfirm={save}
      onClose={onClose}
    >
      <DraftFields job={job} draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} />
      {fault === undefined ? null : <p className="bad-text">{fault}</p>}
      <ErrorNote error={update.error} doing="Saving the job" />
    </AskDialog>
  );
}

interface DraftFieldsProps {
  readonly job: JobView;
  readonly draft: JobDraft;
  readonly onChange: (part: Partial<JobDraft>) => void;
}

function DraftFields({ job, draft, onChange }: DraftFieldsProps) {
  return (
    <>
      <Field label="Look every … seconds" hint="5 seconds to 7 days.">
        <Input
          type="number"
          value={draft.scheduleSeconds}
          onChange={(_, data) => onChange({ scheduleSeconds: data.value })}
        />
      </Field>
      <Field label="The instrument keeps at most … files" hint="Empty when it never deletes by count.">
        <Input
          type="number"
          value={draft.sourceCap}
          placeholder={job.sourceCap === null ? 'no cap' : String(job.sourceCap)}
          onChange={(_, data) => onChange({ sourceCap: data.value })}
        />
      </Field>
      <Field label="Take only" hint="One pattern a line, such as **/*.dat. Empty takes every file.">
        <Textarea value={draft.include} rows={2} onChange={(_, data) => onChange({ include: data.value })} />
      </Field>
      <Field label="Leave out" hint="One pattern a line. What is left out is never archived.">
        <Textarea value={draft.exclude} rows={2} onChange={(_, data) => onChange({ exclude: data.value })} />
      </Field>
    </>
  );
}
