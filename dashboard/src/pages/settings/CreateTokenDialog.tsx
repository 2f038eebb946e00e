import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { createToken } from '../../../../shared/contract/access.ts';
import type { Role } from '../../../../shared/contract/fields.ts';
import { useAction } from '../../app/answers.ts';
import { useMe } from '../../app/session.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { Copyable } from '../../parts/Copyable.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { RoleSelect } from './RoleSelect.tsx';

/** Makes a token and shows it this one time. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(me.role);
  const [days, setDays] = useState('90');
  const action = useAction(createToken);
  if (action.data !== undefined) return <NewToken name={name} token={action.data.token} onClose={onClose} />;
  const expiresInDays = Number(days);
  const create = () =>
    action.mutate({ body: { name: name.trim(), role, ...(days === '' ? {} : { expiresInDays }) } });
  return (
    <AskDialog
      title="Make a token"
      confirm="Make the token"
      confirmDisabled={name.trim() === '' || action.isPending || !isSpan(days)}
      onConfirm={create}
      onClose={onClose}
    >
      <Field label="Name" hint="Where it is used, so that you know it again.">
        <Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} />
      </Field>
      <RoleSelect label="It may act as" value={role} upTo={me.role} onChoose={setRole} />
      <Field label="Ends after … days" hint="1 to 366; empty for a token that does not end.">
        <Input type="number" value={days} onChange={(_, data) => setDays(data.value)} />
      </Field>
      <ErrorNote error={action.error} doing="Making the token" />
    </AskDialog>
  );
}

function isSpan(days: string): boolean {
  const count = Number(days);
  return days === '' || (Number.isInteger(count) && count >= 1 && count <= 366);
}

function NewToken({ name, token, onClose }: { name: string; token: string; onClose: () => void }) {
  return (
    <AskDialog title={`The token ${name}`} closeText="I have it" onClose={onClose}>
      <p>
        <strong>It is shown this once.</strong> Only its hash is kept, so nobody can show it again.
      </p>
      <Copyable text={token} label="the token" block />
    </AskDialog>
  );
}
