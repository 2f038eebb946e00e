import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { createMaintenanceWindow } from '../../../../shared/contract/maintenance.ts';
import { fleet } from '../../../../shared/contract/fleet.ts';
import { useAction, useAnswer } from '../../app/answers.ts';
import { useNow, useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { RunnerChoice } from '../../parts/RunnerChoice.tsx';
import { newWindowDraft, readWindow, type WindowDraft } from './windowDraft.ts';

/** Says what will be quiet, and until when, before it is. */
export function WindowDialog({ onClose }: { onClose: () => void }) {
  const { notices, clock } = useServices();
  const [draft, setDraft] = useState(() => newWindowDraft(clock.read()));
  const change = (part: Partial<WindowDraft>) => setDraft({ ...draft, ...part });
  const runners = useAnswer(fleet, {}).data?.runners ?? [];
  const whose = runners.find((runner) => runner.runnerId === draft.runnerId)?.name ?? 'every instrument';
  const action = useAction(createMaintenanceWindow);
  const read = readWindow(draft, useNow());
  const create = () => {
    if (read.body === undefined) return;
    action.mutate(
      { body: read.body },
      {
        onSuccess: () => {
          notices.say(`Alerts of ${whose} are quiet for ${read.span}.`);
          onClose();
        },
      },
    );
  };
  return (
    <AskDialog
      title="Add a maintenance window"
      confirm={read.body === undefined ? 'Keep quiet' : `Keep ${whose} quiet for ${read.span}`}
      confirmDisabled={read.body === undefined || action.isPending}
      onConfirm={create}
      onClose={onClose}
    >
      <p>
        Alerts are raised as always and nobody is told of them. Data loss is always told. Archiving goes on.
      </p>
      <Field label="Whose alerts">
        <RunnerChoice
          none="Every instrument"
          value={draft.runnerId}
          onChoose={(runnerId) => change({ runnerId })}
        />
      </Field>
      <Moment label="Begins" value={draft.startsAt} onChange={(startsAt) => change({ startsAt })} />
      <Moment label="Ends" value={draft.endsAt} onChange={(endsAt) => change({ endsAt })} />
      <Field label="Why?" hint="Shown to everybody who wonders why it is quiet.">
        <Input value={draft.reason} maxLength={200} onChange={(_, data) => change({ reason: data.value })} />
      </Field>
      {read.fault === undefined ? null : <p className="quiet">{read.fault}</p>}
      <ErrorNote error={action.error} doing="Adding the window" />
    </AskDialog>
  );
}

function Moment(props: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={props.label}>
      <Input type="datetime-local" value={props.value} onChange={(_, data) => props.onChange(data.value)} />
    </Field>
  );
}
