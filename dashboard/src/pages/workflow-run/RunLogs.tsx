import { useState } from 'react';
import { workflowRunLogs } from '../../../../shared/contract/workflows.ts';
import { LIVE_MS, useAnswer } from '../../app/answers.ts';
import { Choice } from '../../parts/Choice.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { RunLogLines } from './RunLogLines.tsx';

const LINES = 100;

/** What the run said, a line an event, oldest first. */
export function RunLogs({ runId, live }: { runId: string; live: boolean }) {
  const [level, setLevel] = useState('');
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const answer = useAnswer(
    workflowRunLogs,
    {
      params: { runId },
      query: {
        limit: LINES,
        ...(level === '' ? {} : { level }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    },
    { everyMs: live ? LIVE_MS : false, keepRows: true },
  );
  const choose = (chosen: string) => {
    setLevel(chosen);
    setCursors([]);
  };
  return (
    <Section
      title="Log"
      id="log"
      actions={
        <Choice label="Level" value={level} onChoose={choose}>
          <option value="Warning,Error">Warnings and errors</option>
          <option value="Error">Errors</option>
        </Choice>
      }
    >
      <Pending query={answer} doing="Loading the log">
        {({ lines, nextCursor }) =>
          lines.length === 0 ? (
            <p className="quiet">{level === '' ? 'It has said nothing yet.' : 'No line is like that.'}</p>
          ) : (
            <RunLogLines
              lines={lines}
              isFirst={cursor === undefined}
              onEarlier={() => setCursors(cursors.slice(0, -1))}
              {...(nextCursor === null ? {} : { onLater: () => setCursors([...cursors, nextCursor]) })}
            />
          )
        }
      </Pending>
    </Section>
  );
}
