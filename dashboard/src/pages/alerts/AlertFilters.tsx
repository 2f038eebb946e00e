import { Checkbox } from '@fluentui/react-components';
import { severity as severities } from '../../../../shared/contract/alerts.ts';
import { type AlertsSearch, changeSearch } from '../../app/search.ts';
import { severityMarks } from '../../format/marks.ts';
import { sayName } from '../../format/ids.ts';
import { Choice } from '../../parts/Choice.tsx';
import { RunnerChoice } from '../../parts/RunnerChoice.tsx';
import { alertFilters } from './alertsQuery.ts';

interface AlertFiltersProps {
  readonly search: AlertsSearch;
  readonly onChange: (search: AlertsSearch) => void;
}

export function AlertFilters({ search, onChange }: AlertFiltersProps) {
  const change = (part: AlertsSearch) => onChange(changeSearch(search, part));
  const [shownUnasked, ...others] = alertFilters;
  return (
    <search className="filters">
      <Choice
        label="Status"
        none={sayName(shownUnasked)}
        value={search.status}
        onChoose={(status) => change({ status })}
      >
        {others.map((status) => (
          <option key={status} value={status}>
            {sayName(status)}
          </option>
        ))}
      </Choice>
      <Choice label="Severity" value={search.severity} onChoose={(severity) => change({ severity })}>
        {severities.options.toReversed().map((severity) => (
          <option key={severity} value={severity}>
            {severityMarks[severity].word}
          </option>
        ))}
      </Choice>
      <RunnerChoice value={search.runner} onChoose={(runner) => change({ runner })} />
      <Checkbox
        className="spread"
        label="Also those that another explains"
        checked={search.effects === 'yes'}
        onChange={(_, data) => change({ effects: data.checked === true ? 'yes' : '' })}
      />
    </search>
  );
}
