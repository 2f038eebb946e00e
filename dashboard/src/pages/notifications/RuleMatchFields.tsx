import { Checkbox, Field, Select, Textarea } from '@fluentui/react-components';
import { alertClass, severity as severities } from '../../../../shared/contract/alerts.ts';
import { fleet } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { alertClassNames } from '../../format/alertMarks.ts';
import type { RuleDraft } from './ruleDraft.ts';

export interface RuleFieldsProps {
  readonly draft: RuleDraft;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

const severityTexts = {
  info: 'Every severity',
  warning: 'Warning and critical',
  critical: 'Critical only',
} as const;

/** Which alerts a rule is about: what is left empty matches all. */
export function RuleMatchFields({ draft, onChange }: RuleFieldsProps) {
  const runners = useAnswer(fleet, {}).data?.runners ?? [];
  return (
    <>
      <Field label="Alerts of">
        <Select
          value={draft.minSeverity}
          onChange={(_, data) =>
            onChange({ minSeverity: severities.options.find((one) => one === data.value) ?? 'critical' })
          }
        >
          {severities.options.toReversed().map((one) => (
            <option key={one} value={one}>
              {severityTexts[one]}
            </option>
          ))}
        </Select>
      </Field>
      <Ticks
        legend="Only of class (none ticked: every class)"
        options={alertClass.options.map((one) => [one, alertClassNames[one]])}
        ticked={draft.classes}
        onChange={(ticked) => onChange({ classes: alertClass.options.filter((one) => ticked.includes(one)) })}
      />
      {runners.length === 0 ? null : (
        <Ticks
          legend="Only of instruments (none ticked: every instrument)"
          options={runners.map((one) => [one.runnerId, one.name])}
          ticked={draft.runnerIds}
          onChange={(runnerIds) => onChange({ runnerIds })}
        />
      )}
      <Field label="Only found by" hint="Names of checks, one a line. Empty: whatever found it.">
        <Textarea value={draft.sources} rows={2} onChange={(_, data) => onChange({ sources: data.value })} />
      </Field>
    </>
  );
}

interface TicksProps {
  readonly legend: string;
  readonly options: ReadonlyArray<readonly [value: string, name: string]>;
  readonly ticked: readonly string[];
  readonly onChange: (ticked: string[]) => void;
}

function Ticks({ legend, options, ticked, onChange }: TicksProps) {
  return (
    <fieldset className="ticks">
      <legend>{legend}</legend>
      {options.map(([value, name]) => (
        <Checkbox
          key={value}
          label={name}
          checked={ticked.includes(value)}
          onChange={(_, data) =>
            onChange(data.checked === true ? [...ticked, value] : ticked.filter((one) => one !== value))
          }
        />
      ))}
    </fieldset>
  );
}
