import { Input } from '@fluentui/react-components';
import type { ChoiceProps } from './Choice.tsx';

/** A day of this machine's calendar in a filter. */
export function Day({ label, value, onChoose }: Pick<ChoiceProps, 'label' | 'value' | 'onChoose'>) {
  return (
    <Input
      type="date"
      aria-label={`${label} day`}
      contentBefore={<span className="quiet">{label}</span>}
      value={value ?? ''}
      onChange={(_, data) => onChoose(data.value)}
    />
  );
}
