import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { z } from 'zod';
import { users, type userView } from '../../../../shared/contract/access.ts';
import { useAnswer } from '../../app/answers.ts';
import { useMe } from '../../app/session.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { AddPersonDialog } from './AddPersonDialog.tsx';
import { EditPersonDialog } from './EditPersonDialog.tsx';

export type Person = z.infer<typeof userView>;

const EVERY_MS = 15_000;
const columns: readonly Column[] = [
  { name: 'Name' },
  { name: 'Role' },
  { name: 'State' },
  { name: 'Since', wide: true },
  { name: ' ', align: 'end' },
];

/** Who may come in, and as what. */
export function People() {
  const [adding, setAdding] = useState(false);
  const answer = useAnswer(users, {}, { everyMs: EVERY_MS });
  return (
    <Section title="People" actions={<Button onClick={() => setAdding(true)}>Add a person…</Button>}>
      <Pending query={answer} doing="Loading the people">
        {(data) => (
          <Table label="People" columns={columns}>
            {data.users.map((person) => (
              <PersonRow key={person.userId} person={person} />
            ))}
          </Table>
        )}
      </Pending>
      {adding ? <AddPersonDialog onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function PersonRow({ person }: { person: Person }) {
  const [editing, setEditing] = useState(false);
  const isMe = useMe().userId === person.userId;
  return (
    <tr data-row="">
      <td>
        {person.displayName}
        {isMe ? <span className="quiet"> (you)</span> : null}
        <span className="under">{person.email}</span>
      </td>
      <td>{person.role}</td>
      <td>
        <StatusMark
          mark={
            person.disabled ? { shape: 'paused', word: 'Kept out' } : { shape: 'good', word: 'May sign in' }
          }
        />
      </td>
      <td className="wide">
        <Ago at={person.createdAt} />
      </td>
      <td className="end">
        <Button size="small" aria-label={`Edit ${person.displayName}`} onClick={() => setEditing(true)}>
          Edit…
        </Button>
        {editing ? <EditPersonDialog person={person} isMe={isMe} onClose={() => setEditing(false)} /> : null}
      </td>
    </tr>
  );
}
