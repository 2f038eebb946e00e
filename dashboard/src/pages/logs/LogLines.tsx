import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import type { LogLine } from '../../../../shared/contract/logs.ts';
import { changeSearch, type LogsSearch } from '../../app/search.ts';
import { shortId } from '../../format/ids.ts';
import { factsLine, levelMarks, plainLine, showUnseen } from '../../format/logText.ts';
import { sayClock, sayExactly } from '../../format/time.ts';
import { CopyButton } from '../../parts/Copyable.tsx';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

/** Lines as they were said: monospace, foreign characters written out, each to be copied. */
export function LogLines({ lines, search }: { lines: readonly LogLine[]; search: LogsSearch }) {
  return (
    <ol className="log" aria-label="Log lines, newest first">
      {keyed(lines).map(([key, line]) => (
        <LogItem key={key} line={line} search={search} />
      ))}
    </ol>
  );
}

/** Lines have no id of their own: alike ones of one moment are numbered, so that a refresh moves none. */
function keyed(lines: readonly LogLine[]): Array<readonly [string, LogLine]> {
  const seen = new Map<string, number>();
  return lines
    .toReversed()
    .map((line) => {
      const text = `${line.at} ${line.level} ${line.message}`;
      const count = seen.get(text) ?? 0;
      seen.set(text, count + 1);
      return [`${text} ${String(count)}`, line] as const;
    })
    .toReversed();
}

function LogItem({ line, search }: { line: LogLine; search: LogsSearch }) {
  const { shape, word } = levelMarks[line.level];
  const at = Date.parse(line.at);
  const text = useRef<HTMLDivElement>(null);
  return (
    <li className={`log-line log-${line.level.toLowerCase()}`} data-row="">
      <time
        dateTime={line.at}
        title={`${sayExactly(at)}\nReceived ${sayExactly(Date.parse(line.receivedAt))}`}
      >
        <span className="log-day">{line.at.slice(5, 10)}</span> {sayClock(at)}
        <span className="log-ms">{line.at.slice(19, 23)}</span>
      </time>
      <span className="log-level">
        {shape === 'idle' ? null : <ShapeIcon shape={shape} size={13} />} {word}
      </span>
      <div className="log-text" ref={text}>
        <code>{showUnseen(line.message)}</code>
        <span className="log-facts">{factsLine(line.facts)}</span>
      </div>
      {line.correlationId === null ? (
        <span />
      ) : (
        <Link
          to="/logs"
          search={changeSearch(search, { correlation: line.correlationId })}
          className="link log-correlation"
          title={`Only lines of ${line.correlationId}`}
        >
          <code>{shortId(line.correlationId)}</code>
        </Link>
      )}
      <CopyButton text={() => plainLine(line)} label="the line" iconOnly shown={() => text.current} />
    </li>
  );
}
