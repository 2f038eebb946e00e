import { Input, Select } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { fleet, runStatus } from '../../../../shared/contract/fleet.ts';
import { useAnswer } from '../../app/answers.ts';
import { changeSearch, type RunsSearch } from '../../app/search.ts';
import { sayName } from '../../format/ids.ts';
import { runMarks } from '../../format/marks.ts';
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

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
}

interface ChoiceLook {
  readonly children: ReactNode;
  readonly className?: string;
}

function Choice({ label, value, onChoose, children, className = '' }: ChoiceProps & ChoiceLook) {
  return (
    <Select
      className={className}
      aria-label={label}
      value={value ?? ''}
      onChange={(_, data) => onChoose(data.value)}
    >
      <option value="">{`Any ${label.toLowerCase()}`}</option>
      {children}
    </Select>
  );
}

function RunnerChoice(props: Omit<ChoiceProps, 'label'>) {
  const answer = useAnswer(fleet, {});
  return (
    <Choice label="Instrument" className="spread" {...props}>
      {answer.data?.runners.map((runner) => (
        <option key={runner.runnerId} value={runner.runnerId}>
          {runner.name}
        </option>
      ))}
    </Choice>
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
