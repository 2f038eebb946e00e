import { fleet } from '../../../shared/contract/fleet.ts';
import { useAnswer } from '../app/answers.ts';
import { Choice, type ChoiceProps } from './Choice.tsx';

/** One of the instruments in a filter. */
export function RunnerChoice({
  label = 'Instrument',
  ...props
}: Partial<ChoiceProps> & Pick<ChoiceProps, 'value' | 'onChoose'>) {
  const runners = useAnswer(fleet, {}).data?.runners ?? [];
  return (
    <Choice label={label} className="spread" {...props}>
      {runners.map((runner) => (
        <option key={runner.runnerId} value={runner.runnerId}>
          {runner.name}
        </option>
      ))}
    </Choice>
  );
}
