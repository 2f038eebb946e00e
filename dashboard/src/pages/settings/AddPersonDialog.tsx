import { Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import { createUser } from '../../../../shared/contract/access.ts';
import type { Role } from '../../../../shared/contract/fields.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { PasswordField } from './PasswordField.tsx';
import { RoleSelect } from './RoleSelect.tsx';

export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const { notices } = useServices();
  const action = useAction(createUser);
  const body = { email: email.trim(), displayName: displayName.trim(), role, password };
  const add = () =>
    action.mutate(
      { body },
      {
        onSuccess: () => {
          notices.say(`${body.displayName} can sign in now.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title="Add a person"
      confirm="Add the person"
      confirmDisabled={action.isPending || !createUser.body.safeParse(body).success}
      onConfirm={add}
      onClose={onClose}
    >
      <Field label="Name">
        <Input value={displayName} maxLength={200} onChange={(_, data) => setDisplayName(data.value)} />
      </Field>
      <Field label="E-mail address">
        <Input type="email" value={email} maxLength={200} onChange={(_, data) => setEmail(data.value)} />
      </Field>
      <RoleSelect label="Role" value={role} onChoose={setRole} />
      <PasswordField label="First password" value={password} onChange={setPassword} />
      <ErrorNote error={action.error} doing="Adding the person" />
    </AskDialog>
  );
}
