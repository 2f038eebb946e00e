import { Input } from '@fluentui/react-components';
import { runStatus } from '../../../../shared/contract/fleet.ts';
import { changeSearch, type RunsSearch } from '../../app/search.ts';
import { sayName } from '../../format/ids.ts';
import { runMarks } from '../../format/marks.ts';
import { Choice, type ChoiceProps } from '../../parts/Choice.tsx';
import { RunnerChoice } from '../../parts/RunnerChoice.tsx';
import { SearchBox } from '../../parts/SearchBox.tsx';

/** The kinds of runs that this version makes. */
const syncTypes = ['file_sync', 'reconcile'];

interface RunFiltersProps {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}

export function RunFilters({ search, onChange }: RunFiltersProps) {
  const change = (part: RunsSearch) => onChange(changeSearch(search, part));
  return (
    <search className="filters">
      <SearchBox
        label="Search by run id"
        placeholder="Run id begins with …"
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
      />
      <Choice label="Type" value={search.type} onChoose={(type) => change({ type })}>
        {withChosen(syncTypes, search.type).map((type) => (
          <option key={type} value={type}>
            {sayName(type)}
          </option>
        ))}
      </Choice>
      <Choice label="Status" value={search.status} onChoose={(status) => change({ status })}>
        {runStatus.options.map((status) => (
          <option key={status} value={status}>
            {runMarks[status].word}
          </option>
        ))}
      </Choice>
      <RunnerChoice value={search.runner} onChoose={(runner) => change({ runner })} />
      <Day label="From" value={search.from} onChoose={(from) => change({ from })} />
      <Day label="To" value={search.to} onChoose={(to) => change({ to })} />
    </search>
  );
}

function Day({ label, value, onChoose }: ChoiceProps) {
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

function withChosen(known: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || known.includes(chosen) ? known : [...known, chosen];
}
