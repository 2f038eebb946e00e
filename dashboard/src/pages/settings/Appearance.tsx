import { Radio, RadioGroup } from '@fluentui/react-components';
import { useId } from 'react';
import { useServices } from '../../app/services.ts';
import { useStore } from '../../app/store.ts';
import type { ThemeChoice } from '../../app/theme.ts';

const choices: ReadonlyArray<readonly [ThemeChoice, string]> = [
  ['system', 'Like the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function Appearance() {
  const { theme } = useServices();
  const { choice } = useStore(theme);
  const labelId = useId();
  return (
    <div className="appearance">
      <span id={labelId} className="quiet">
        Appearance
      </span>
      <RadioGroup
        layout="horizontal"
        aria-labelledby={labelId}
        value={choice}
        onChange={(_, data) => theme.choose(choices.find(([value]) => value === data.value)?.[0] ?? 'system')}
      >
        {choices.map(([value, label]) => (
          <Radio key={value} value={value} label={label} />
        ))}
      </RadioGroup>
    </div>
  );
}
