import { Select } from '@fluentui/react-components';
import { getRouteApi, Link } from '@tanstack/react-router';
import { runFile, runFiles } from '../../../../shared/contract/fleet.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { changeSearch, type FilesSearch } from '../../app/search.ts';
import { fileMarks } from '../../format/marks.ts';
import { Pending } from '../../parts/Pending.tsx';
import { SearchBox } from '../../parts/SearchBox.tsx';
import { Section } from '../../parts/Section.tsx';
import { FilesTable } from './FilesTable.tsx';

const route = getRouteApi('/runs/$runId');
const ROWS = 50;
const states = runFile.shape.state.options;

/** What became of each file of the run. */
export function FilesSection({ runId, live }: { runId: string; live: boolean }) {
  const search = route.useSearch();
  const answer = useAnswer(
    runFiles,
    { params: { runId }, query: filesQuery(search) },
    { keepRows: true, everyMs: live ? LIVE_MS : false },
  );
  return (
    <Section id="files" title="Files" actions={<FileFilters runId={runId} search={search} />}>
      <Pending query={answer} doing="Loading the files">
        {(data) => (
          <>
            {data.files.length === 0 ? <NoFiles search={search} /> : <FilesTable files={data.files} />}
            <Pager runId={runId} search={search} nextCursor={data.nextCursor} />
          </>
        )}
      </Pending>
    </Section>
  );
}

function filesQuery(search: FilesSearch) {
  const state = states.find((known) => known === search.state);
  return {
    limit: ROWS,
    ...(state === undefined ? {} : { state }),
    ...(search.q === undefined ? {} : { search: search.q.slice(0, 200) }),
    ...(search.after === undefined ? {} : { cursor: search.after }),
  };
}

function FileFilters({ runId, search }: { runId: string; search: FilesSearch }) {
  const navigate = route.useNavigate();
  const change = (part: FilesSearch) =>
    void navigate({
      to: '/runs/$runId',
      params: { runId },
      search: changeSearch(search, part),
      replace: true,
      resetScroll: false,
    });
  return (
    <search className="filters">
      <SearchBox
        label="Search the files"
        placeholder="Part of the path …"
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
      />
      <Select
        aria-label="State"
        value={search.state ?? ''}
        onChange={(_, data) => change({ state: data.value })}
      >
        <option value="">Any state</option>
        {states.map((state) => (
          <option key={state} value={state}>
            {fileMarks[state].word}
          </option>
        ))}
      </Select>
    </search>
  );
}

function NoFiles({ search }: { search: FilesSearch }) {
  const narrowed = search.q !== undefined || search.state !== undefined;
  return (
    <p className="quiet">
      {narrowed
        ? 'No file of this run is like that.'
        : 'This run had no file to archive: all were archived before.'}
    </p>
  );
}

interface PagerProps {
  readonly runId: string;
  readonly search: FilesSearch;
  readonly nextCursor: string | null;
}

function Pager({ runId, search, nextCursor }: PagerProps) {
  const { after, ...first } = search;
  return (
    <nav className="pager" aria-label="More files">
      {after === undefined ? null : (
        <Link to="/runs/$runId" params={{ runId }} search={first} resetScroll={false} className="link">
          ← First files
        </Link>
      )}
      {nextCursor === null ? null : (
        <Link
          to="/runs/$runId"
          params={{ runId }}
          search={{ ...search, after: nextCursor }}
          resetScroll={false}
          className="link"
        >
          More files →
        </Link>
      )}
    </nav>
  );
}
