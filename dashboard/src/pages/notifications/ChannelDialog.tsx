import { Checkbox, Field, Input, Select } from '@fluentui/react-components';
import { useState } from 'react';
import {
  channelKind as kinds,
  type ChannelView,
  createChannel,
  updateChannel,
} from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { channelKindNames } from '../../format/alertMarks.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { ChannelFields } from './ChannelFields.tsx';
import { type ChannelDraft, draftOfChannel, newChannelDraft, readChannel } from './channelDraft.ts';

/** A way to reach people; left out `channel`: a new one. */
export function ChannelDialog({ channel, onClose }: { channel?: ChannelView; onClose: () => void }) {
  const isNew = channel === undefined;
  const [draft, setDraft] = useState(() => (isNew ? newChannelDraft('email') : draftOfChannel(channel)));
  const change = (part: Partial<ChannelDraft>) => setDraft({ ...draft, ...part });
  const { notices } = useServices();
  const create = useAction(createChannel);
  const update = useAction(updateChannel);
  const read = readChannel(draft, channel);
  const done = {
    onSuccess: () => {
      notices.say(`The channel ${draft.name.trim()} is saved. Send a test through it.`);
      onClose();
    },
  };
  const save = () => {
    if (read.body === undefined) return;
    if (isNew) create.mutate({ body: read.body }, done);
    else update.mutate({ params: { channelId: channel.channelId }, body: read.body }, done);
  };
  return (
    <AskDialog
      title={isNew ? 'Add a channel' : `Edit ${channel.name}`}
      confirm="Save the channel"
      confirmDisabled={read.fault !== undefined || create.isPending || update.isPending}
      onConfirm={save}
      onClose={onClose}
    >
      {isNew ? <KindSelect draft={draft} onChoose={setDraft} /> : null}
      <Field label="Name">
        <Input value={draft.name} maxLength={200} onChange={(_, data) => change({ name: data.value })} />
      </Field>
      <ChannelFields draft={draft} hasSecret={channel?.hasSecret ?? false} onChange={change} />
      <Checkbox
        label="Switched on"
        checked={draft.enabled}
        onChange={(_, data) => change({ enabled: data.checked === true })}
      />
      {read.fault === undefined ? null : <p className="quiet">{read.fault}</p>}
      <ErrorNote error={create.error ?? update.error} doing="Saving the channel" />
    </AskDialog>
  );
}

function KindSelect({ draft, onChoose }: { draft: ChannelDraft; onChoose: (draft: ChannelDraft) => void }) {
  const choose = (value: string) => {
    const kind = kinds.options.find((known) => known === value) ?? draft.kind;
    onChoose({ ...newChannelDraft(kind), name: draft.name });
  };
  return (
    <Field label="Kind">
      <Select value={draft.kind} onChange={(_, data) => choose(data.value)}>
        {kinds.options.map((kind) => (
          <option key={kind} value={kind}>
            {channelKindNames[kind]}
          </option>
        ))}
      </Select>
    </Field>
  );
}
