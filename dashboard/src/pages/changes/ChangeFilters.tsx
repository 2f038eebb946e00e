import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { ChangeEvent } from '../../../../shared/contract/workflows.ts';
import { changeSearch, type ChangesSearch } from '../../app/search.ts';
import { changeMark, knownChanges } from '../../format/changeMarks.ts';
import { sayName, shortId } from '../../format/ids.ts';
import { Choice } from '../../parts/Choice.tsx';
import { Day } from '../../parts/Day.tsx';
import { SearchBox } from '../../parts/SearchBox.tsx';

interface ChangeFiltersProps {
  readonly search: ChangesSearch;
  /** The rows that are shown: what they hold can be chosen. */
  readonly shown: readonly ChangeEvent[];
  readonly onChange: (search: ChangesSearch) => void;
}

export function ChangeFilters({ search, shown, onChange }: ChangeFiltersProps) {
  const change = (part: ChangesSearch) => onChange(changeSearch(search, part));
  return (
    <search className="filters">
      <SearchBox
        label="Search by code"
        placeholder="An entity’s whole code …"
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
      />
      <Choice label="Register" value={search.register} onChoose={(register) => change({ register })}>
        {options(
          [],
          shown.map(({ register }) => register),
          search.register,
        ).map((register) => (
          <option key={register}>{register}</option>
        ))}
      </Choice>
      <Choice label="Entity" value={search.type} onChoose={(type) => change({ type })}>
        {options(
          [],
          shown.map(({ entityType }) => entityType),
          search.type,
        ).map((type) => (
          <option key={type} value={type}>
            {sayName(type)}
          </option>
        ))}
      </Choice>
      <Choice label="Kind" value={search.kind} onChoose={(kind) => change({ kind })}>
        {options(
          knownChanges,
          shown.map(({ eventType }) => eventType),
          search.kind,
        ).map((kind) => (
          <option key={kind} value={kind}>
            {changeMark(kind).word}
          </option>
        ))}
      </Choice>
      <Day label="From" value={search.from} onChoose={(from) => change({ from })} />
      <Day label="To" value={search.to} onChoose={(to) => change({ to })} />
      {search.run === undefined ? null : (
        <Button
          icon={<DismissRegular />}
          title={`Only what run ${search.run} saw: show all again`}
          onClick={() => change({ run: '' })}
        >
          Only run {shortId(search.run)}
        </Button>
      )}
    </search>
  );
}

/** What is known, what the rows hold, and what is chosen already; each once. */
function options(known: readonly string[], shown: readonly string[], chosen: string | undefined): string[] {
  return [...new Set([...known, ...shown.toSorted(), ...(chosen === undefined ? [] : [chosen])])];
}
