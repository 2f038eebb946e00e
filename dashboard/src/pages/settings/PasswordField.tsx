import { Field, Input } from '@fluentui/react-components';

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
}

export function PasswordField({ label, value, onChange, hint }: PasswordFieldProps) {
  return (
    <Field label={label} hint={hint ?? 'At least 12 characters.'}>
      <Input
        type="password"
        autoComplete="new-password"
        value={value}
        maxLength={200}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}
