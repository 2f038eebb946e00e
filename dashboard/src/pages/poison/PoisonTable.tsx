import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { PoisonMessage } from '../../../../shared/contract/workflows.ts';
import { useMay } from '../../app/session.ts';
import { runMarks } from '../../format/marks.ts';
import { Ago } from '../../parts/Ago.tsx';
import { JsonBlock } from '../../parts/JsonBlock.tsx';
import { RunLink } from '../../parts/RunLink.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { ReplayDialog } from './ReplayDialog.tsx';

const columns: readonly Column[] = [
  { name: 'Message' },
  { name: 'Its run' },
  { name: 'Sent', wide: true },
  { name: 'Back', align: 'end' },
];

export function PoisonTable({ messages }: { messages: readonly PoisonMessage[] }) {
  return (
    <Table label="Poison messages, oldest first" columns={columns}>
      {messages.map((message) => (
        <PoisonRow key={message.messageId} message={message} />
      ))}
    </Table>
  );
}

function PoisonRow({ message }: { message: PoisonMessage }) {
  return (
    <tr data-row="">
      <td>
        <JsonBlock value={message.content} label="Content of the message" />
        <span className="under">
          <code>{message.queue}</code>
        </span>
        <span className="under narrow">
          <Ago at={message.insertedAt} />
        </span>
      </td>
      <td>
        {message.runId === null ? (
          <span className="quiet">no run of this server</span>
        ) : (
          <RunLink runId={message.runId}>{message.runId}</RunLink>
        )}
        {message.runStatus === null ? null : (
          <span className="block">
            <StatusMark mark={runMarks[message.runStatus]} />
          </span>
        )}
      </td>
      <td className="wide">
        <Ago at={message.insertedAt} />
      </td>
      <td className="end">
        <ReplayButton message={message} />
      </td>
    </tr>
  );
}

function ReplayButton({ message }: { message: PoisonMessage }) {
  const [open, setOpen] = useState(false);
  if (!useMay('operator')) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        Replay…
      </Button>
      {open ? <ReplayDialog count={1} messageId={message.messageId} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
