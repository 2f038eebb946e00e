import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef } from 'react';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import { fleet } from '../../../../shared/contract/fleet.ts';
import { adminLogs } from '../../../../shared/contract/logs.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { changeSearch, type LogsSearch } from '../../app/search.ts';
import { plainLine } from '../../format/logText.ts';
import { CopyButton } from '../../parts/Copyable.tsx';
import { Empty } from '../../parts/Empty.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pager } from '../../parts/Pager.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { LogFilters } from './LogFilters.tsx';
import { LogLines } from './LogLines.tsx';
import { isTail, logsQuery } from './logsQuery.ts';

const route = getRouteApi('/logs');

/** What an instrument's agent said; the newest lines come by themselves. */
export function LogsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const go = (next: LogsSearch) => void navigate({ to: '/logs', search: next, replace: true });
  return (
    <>
      <PageHead
        title="Logs"
        lead="What the agents said, newest first: the last 24 hours unless said otherwise."
      />
      <LogFilters search={search} onChange={go} />
      {search.runner === undefined ? <ChooseRunner search={search} /> : <RunnerLog search={search} />}
    </>
  );
}

function ChooseRunner({ search }: { search: LogsSearch }) {
  const answer = useAnswer(fleet, {});
  return (
    <Pending query={answer} doing="Loading the instruments">
      {(data) =>
        data.runners.length === 0 ? (
          <Empty title="No instrument is connected yet.">
            <p>Each agent ships its log here as soon as it is approved.</p>
          </Empty>
        ) : (
          <Empty title="Whose log?">
            <ul className="runner-choices">
              {data.runners.map((runner) => (
                <li key={runner.runnerId} data-row="">
                  <Link
                    to="/logs"
                    search={changeSearch(search, { runner: runner.runnerId })}
                    className="link"
                  >
                    {runner.name}
                  </Link>
                </li>
              ))}
            </ul>
          </Empty>
        )
      }
    </Pending>
  );
}

function RunnerLog({ search }: { search: LogsSearch }) {
  const query = logsQuery(search) ?? { runnerId: '' };
  const answer = useAnswer(
    adminLogs,
    { query },
    { keepRows: true, everyMs: isTail(search) ? LIVE_MS : false },
  );
  return (
    <Pending query={answer} doing="Loading the log">
      {(data) => (
        <div aria-busy={answer.isPlaceholderData}>
          {data.lines.length === 0 ? <NoLines search={search} /> : <Lines search={search} data={data} />}
          <Pager
            label="More lines"
            after={search.after}
            nextCursor={data.nextCursor}
            pageAt={(after) => ({ to: '/logs', search: changeSearch(search, { after }) })}
          />
        </div>
      )}
    </Pending>
  );
}

function Lines({ search, data }: { search: LogsSearch; data: ResponseOf<typeof adminLogs> }) {
  const lines = useRef<HTMLDivElement>(null);
  return (
    <>
      <div className="log-head">
        <span className="quiet">
          {isTail(search) ? 'New lines come by themselves.' : 'A time that is over: it does not change.'}
        </span>
        <CopyButton
          text={() => data.lines.map(plainLine).toReversed().join('\n')}
          label={`these ${data.lines.length} lines`}
          shown={() => lines.current}
        />
      </div>
      <div ref={lines}>
        <LogLines lines={data.lines} search={search} />
      </div>
    </>
  );
}

function NoLines({ search }: { search: LogsSearch }) {
  const { runner, ...narrowing } = search;
  if (Object.keys(narrowing).length === 0)
    return (
      <Empty title="It said nothing in the last 24 hours.">
        <p>
          An agent ships its lines about once a minute. Its own file, agent-YYYY-MM-DD.log beside its state,
          has them all for 14 days.
        </p>
      </Empty>
    );
  return (
    <Empty title="No line is like that.">
      <Link to="/logs" search={runner === undefined ? {} : { runner }} className="link">
        Show all lines of the last 24 hours
      </Link>
    </Empty>
  );
}
