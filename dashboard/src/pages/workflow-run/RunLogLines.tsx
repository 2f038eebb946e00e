import { Button } from '@fluentui/react-components';
import type { WorkflowLogLine } from '../../../../shared/contract/workflows.ts';
import { factsLine, levelMarks, showUnseen } from '../../format/logText.ts';
import { sayClock, sayExactly } from '../../format/time.ts';
import { ShapeIcon } from '../../parts/StatusMark.tsx';

interface RunLogLinesProps {
  readonly lines: readonly WorkflowLogLine[];
  readonly isFirst: boolean;
  readonly onEarlier: () => void;
  /** Left out: these are the last lines. */
  readonly onLater?: () => void;
}

export function RunLogLines({ lines, isFirst, onEarlier, onLater }: RunLogLinesProps) {
  return (
    <>
      <ol className="log" aria-label="Log lines, oldest first">
        {lines.map((line, place) => (
          <LogItem key={`${line.at} ${String(place)}`} line={line} />
        ))}
      </ol>
      {isFirst && onLater === undefined ? null : (
        <div className="pager">
          {isFirst ? null : <Button onClick={onEarlier}>Earlier lines</Button>}
          {onLater === undefined ? null : <Button onClick={onLater}>Later lines</Button>}
        </div>
      )}
    </>
  );
}

function LogItem({ line }: { line: WorkflowLogLine }) {
  const { shape, word } = levelMarks[line.level];
  const at = Date.parse(line.at);
  return (
    <li className={`log-line log-${line.level.toLowerCase()}`} data-row="">
      <time dateTime={line.at} title={sayExactly(at)}>
        {sayClock(at)}
        <span className="log-ms">{line.at.slice(19, 23)}</span>
      </time>
      <span className="log-level">
        {shape === 'idle' ? null : <ShapeIcon shape={shape} size={13} />} {word}
      </span>
      <div className="log-text">
        <code>{showUnseen(line.message)}</code>
        <span className="log-facts">
          {line.activityName === null ? '' : ` ${showUnseen(line.activityName)}`}
          {line.errorTag === null ? '' : ` ${line.errorTag}`}
          {factsLine(line.facts)}
        </span>
      </div>
      <span />
      <span />
    </li>
  );
}
