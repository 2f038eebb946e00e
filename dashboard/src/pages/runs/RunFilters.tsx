import { runStatus } from '../../../../shared/contract/fleet.ts';
import { workflowKinds } from '../../../../shared/contract/workflows.ts';
import { useAnswer } from '../../app/answers.ts';
import { changeSearch, type RunsSearch } from '../../app/search.ts';
import { sayName } from '../../format/ids.ts';
import { runMarks } from '../../format/marks.ts';
import { Choice } from '../../parts/Choice.tsx';
import { Day } from '../../parts/Day.tsx';
import { RunnerChoice } from '../../parts/RunnerChoice.tsx';
import { SearchBox } from '../../parts/SearchBox.tsx';

/** The kinds of runs beside workflows. */
const otherTypes = ['file_sync', 'reconcile', 'bulk_retry'];
const KINDS_EVERY_MS = 60_000;

interface RunFiltersProps {
  readonly search: RunsSearch;
  readonly onChange: (search: RunsSearch) => void;
}

export function RunFilters({ search, onChange }: RunFiltersProps) {
  const kinds = useAnswer(workflowKinds, {}, { everyMs: KINDS_EVERY_MS });
  const workflows = (kinds.data?.workflows ?? []).map(({ name }) => name);
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
        {withChosen([...otherTypes, ...workflows], search.type).map((type) => (
          <option key={type} value={type}>
            {otherTypes.includes(type) ? sayName(type) : type}
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

function withChosen(known: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || known.includes(chosen) ? known : [...known, chosen];
}
