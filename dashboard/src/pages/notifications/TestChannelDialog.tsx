import { Field, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { type ChannelView, testChannel } from '../../../../shared/contract/alerts.ts';
import { useAction } from '../../app/answers.ts';
import { linesOf } from '../../format/lines.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** Sends a test now and stays open to say how it went. */
export function TestChannelDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const [recipients, setRecipients] = useState('');
  const action = useAction(testChannel);
  const to = linesOf(recipients);
  const body = { recipients: to };
  const send = () => action.mutate({ params: { channelId: channel.channelId }, body });
  const isFine = testChannel.body.safeParse(body).success;
  return (
    <AskDialog
      title={`Send a test through ${channel.name}?`}
      confirm={action.isPending ? 'Sending …' : action.isSuccess ? 'Send another' : 'Send the test'}
      confirmDisabled={action.isPending || !isFine}
      closeText={action.isSuccess ? 'Close' : 'Cancel'}
      onConfirm={send}
      onClose={onClose}
    >
      <p>One message that says that it is a test goes out now. Nothing is wrong, and it will say so.</p>
      {channel.kind === 'email' ? (
        <Field label="To" hint="One address a line; empty: the channel’s usual recipients.">
          <Textarea rows={2} value={recipients} onChange={(_, data) => setRecipients(data.value)} />
        </Field>
      ) : null}
      {action.data === undefined ? null : <TestOutcome {...action.data} />}
      <ErrorNote error={action.error} doing="Sending the test" />
    </AskDialog>
  );
}

function TestOutcome(props: { delivered: boolean; deliveryId: string; error: string | null }) {
  return (
    <div className={`note ${props.delivered ? '' : 'note-bad'}`} role="status">
      <ShapeIcon shape={props.delivered ? 'good' : 'bad'} />
      <div>
        <strong>
          {props.delivered
            ? 'The other side took it. Look there whether it arrived.'
            : 'It did not get through.'}
        </strong>
        {props.error === null ? null : <span className="block">{props.error}</span>}
        <span className="block quiet">
          Delivery <Copyable text={props.deliveryId} label="the delivery id" />
        </span>
      </div>
    </div>
  );
}
