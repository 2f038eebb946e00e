import { Field, Select } from '@fluentui/react-components';
import { role as roles, type Role } from '../../../../shared/contract/fields.ts';

const meanings: Record<Role, string> = {
  viewer: 'viewer: looks',
  operator: 'operator: also approves agents and changes jobs',
  admin: 'admin: also manages people',
};

interface RoleSelectProps {
  readonly label: string;
  readonly value: Role;
  /** The highest role on offer. */
  readonly upTo?: Role;
  readonly onChoose: (role: Role) => void;
}

export function RoleSelect({ label, value, upTo = 'admin', onChoose }: RoleSelectProps) {
  const offered = roles.options.slice(0, roles.options.indexOf(upTo) + 1);
  return (
    <Field label={label}>
      <Select
        value={value}
        onChange={(_, data) => onChoose(roles.options.find((known) => known === data.value) ?? value)}
      >
        {offered.map((role) => (
          <option key={role} value={role}>
            {meanings[role]}
          </option>
        ))}
      </Select>
    </Field>
  );
}
