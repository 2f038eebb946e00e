import { Checkbox } from '@fluentui/react-components';
import { useState } from 'react';
import { updateUser } from '../../../../shared/contract/access.ts';
import { useAction } from '../../app/answers.ts';
import { useServices } from '../../app/services.ts';
import { AskDialog } from '../../parts/AskDialog.tsx';
import { ErrorNote } from '../../parts/ErrorNote.tsx';
import { PasswordField } from './PasswordField.tsx';
import type { Person } from './People.tsx';
import { RoleSelect } from './RoleSelect.tsx';

interface EditPersonDialogProps {
  readonly person: Person;
  readonly isMe: boolean;
  readonly onClose: () => void;
}

/** Changes what somebody may do; their sessions end with it. */
export function EditPersonDialog({ person, isMe, onClose }: EditPersonDialogProps) {
  const [role, setRole] = useState(person.role);
  const [disabled, setDisabled] = useState(person.disabled);
  const [password, setPassword] = useState('');
  const { notices } = useServices();
  const action = useAction(updateUser);
  const save = () =>
    action.mutate(
      {
        params: { userId: person.userId },
        body: { role, disabled, ...(password === '' ? {} : { password }) },
      },
      {
        onSuccess: () => {
          notices.say(`${person.displayName} is changed; their sessions have ended.`);
          onClose();
        },
      },
    );
  return (
    <AskDialog
      title={person.displayName}
      confirm="Save and end their sessions"
      confirmDisabled={action.isPending || (password !== '' && password.length < 12)}
      onConfirm={save}
      onClose={onClose}
    >
      {isMe ? <p>This is you: saving ends this session as well, and you sign in again.</p> : null}
      <RoleSelect label="Role" value={role} onChoose={setRole} />
      <Checkbox
        label="Keep out: may not sign in, tokens are refused"
        checked={disabled}
        onChange={(_, data) => setDisabled(data.checked === true)}
      />
      <PasswordField
        label="New password"
        hint="Empty keeps the present one; otherwise at least 12 characters. A new one ends their tokens too."
        value={password}
        onChange={setPassword}
      />
      <ErrorNote error={action.error} doing="Saving" />
    </AskDialog>
  );
}
