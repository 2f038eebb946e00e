import { Select } from '@fluentui/react-components';
import type { ReactNode } from 'react';

export interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
  /** What no choice means; `Any …` unless said otherwise. */
  readonly none?: string;
  readonly className?: string;
}

/** One of several in a filter, or none of them (`''`). */
export function Choice({
  label,
  value,
  onChoose,
  none = `Any ${label.toLowerCase()}`,
  className = '',
  children,
}: ChoiceProps & { readonly children: ReactNode }) {
  return (
    <Select
      className={className}
      aria-label={label}
      value={value ?? ''}
      onChange={(_, data) => onChoose(data.value)}
    >
      <option value="">{none}</option>
      {children}
    </Select>
  );
}
