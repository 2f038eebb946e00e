import { Button, Input } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { logLevel } from '../../../../shared/contract/logs.ts';
import { changeSearch, type LogsSearch } from '../../app/search.ts';
import { shortId } from '../../format/ids.ts';
import { fromLocalMoment, toLocalMoment } from '../../format/localMoment.ts';
import { Choice } from '../../parts/Choice.tsx';
import { RunnerChoice } from '../../parts/RunnerChoice.tsx';
import { SearchBox } from '../../parts/SearchBox.tsx';

interface LogFiltersProps {
  readonly search: LogsSearch;
  readonly onChange: (search: LogsSearch) => void;
}

const levelNames = { Information: 'Information and worse', Warning: 'Warnings and errors', Error: 'Errors' };

export function LogFilters({ search, onChange }: LogFiltersProps) {
  const change = (part: LogsSearch) => onChange(changeSearch(search, part));
  const [lowest, ...others] = logLevel.options;
  return (
    <search className="filters">
      <SearchBox
        label="Search the lines"
        placeholder="Part of the text …"
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
      />
      <RunnerChoice
        none="Choose an instrument"
        value={search.runner}
        onChoose={(runner) => change({ runner })}
      />
      <Choice
        label="Level"
        value={search.level === lowest ? undefined : search.level}
        onChoose={(level) => change({ level })}
      >
        {others.map((level) => (
          <option key={level} value={level}>
            {levelNames[level as keyof typeof levelNames]}
          </option>
        ))}
      </Choice>
      <Moment label="From" value={search.from} onChoose={(from) => change({ from })} />
      <Moment label="To" value={search.to} onChoose={(to) => change({ to })} />
      {search.correlation === undefined ? null : (
        <Button
          icon={<DismissRegular />}
          title={`Only lines of ${search.correlation}: show all again`}
          onClick={() => change({ correlation: '' })}
        >
          Only {shortId(search.correlation)}
        </Button>
      )}
    </search>
  );
}

interface MomentProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (instant: string) => void;
}

/** A moment of this machine's clock; the URL has it in UTC, so that it means the same to a colleague. */
function Moment({ label, value, onChoose }: MomentProps) {
  return (
    <Input
      type="datetime-local"
      aria-label={label}
      contentBefore={<span className="quiet">{label}</span>}
      value={toLocalMoment(value)}
      onChange={(_, data) => onChoose(fromLocalMoment(data.value))}
    />
  );
}
