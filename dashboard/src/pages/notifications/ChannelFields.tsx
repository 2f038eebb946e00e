import { Field, Input, Select, Textarea } from '@fluentui/react-components';
import { type ChannelDraft, type ChannelField, channelFields } from './channelDraft.ts';

interface ChannelFieldsProps {
  readonly draft: ChannelDraft;
  readonly hasSecret: boolean;
  readonly onChange: (part: Partial<ChannelDraft>) => void;
}

/** What a kind of channel needs, field by field. */
export function ChannelFields({ draft, hasSecret, onChange }: ChannelFieldsProps) {
  return channelFields[draft.kind].map((field) => (
    <Field key={field.name} label={field.label} {...(field.hint === undefined ? {} : { hint: field.hint })}>
      <ValueInput
        field={field}
        hasSecret={hasSecret}
        value={draft.values[field.name] ?? ''}
        onChange={(value) => onChange({ values: { ...draft.values, [field.name]: value } })}
      />
    </Field>
  ));
}

interface ValueInputProps {
  readonly field: ChannelField;
  readonly hasSecret: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The props that Field gives its child go on to the control: they tie label and hint to it. */
function ValueInput({ field, hasSecret, value, onChange, ...control }: ValueInputProps) {
  if (field.form === 'security')
    return (
      <Select {...control} value={value} onChange={(_, data) => onChange(data.value)}>
        <option value="tls">TLS from the first byte</option>
        <option value="starttls">STARTTLS, required</option>
        <option value="none">None, where a setting allows it</option>
      </Select>
    );
  if (field.form === 'lines')
    return <Textarea {...control} rows={2} value={value} onChange={(_, data) => onChange(data.value)} />;
  const isSecret = field.form === 'secret';
  return (
    <Input
      {...control}
      type={isSecret ? 'password' : field.form === 'number' ? 'number' : 'text'}
      autoComplete={isSecret ? 'new-password' : 'off'}
      placeholder={isSecret && hasSecret ? 'unchanged' : ''}
      value={value}
      onChange={(_, data) => onChange(data.value)}
    />
  );
}
