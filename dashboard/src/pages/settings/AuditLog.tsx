import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import { auditLog } from '../../../../shared/contract/access.ts';
import { useAnswer } from '../../app/answers.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';

type Entry = ResponseOf<typeof auditLog>['entries'][number];

const ROWS = 20;
const EVERY_MS = 10_000;
const columns: readonly Column[] = [
  { name: 'When' },
  { name: 'Who' },
  { name: 'Did' },
  { name: 'To' },
  { name: 'Detail', wide: true },
];

/** Who did what, newest first. */
export function AuditLog() {
  const [cursor, setCursor] = useState<string>();
  const query = { limit: ROWS, ...(cursor === undefined ? {} : { cursor }) };
  const answer = useAnswer(auditLog, { query }, { everyMs: EVERY_MS, keepRows: true });
  return (
    <Section title="Who did what">
      <Pending query={answer} doing="Loading the audit log">
        {(data) => (
          <>
            <Table label="Audit log, newest first" columns={columns}>
              {data.entries.map((entry) => (
                <EntryRow key={entry.entryId} entry={entry} />
              ))}
            </Table>
            <div className="pager">
              {cursor === undefined ? null : <Button onClick={() => setCursor(undefined)}>Newest</Button>}
              {data.nextCursor === null ? null : (
                <Button onClick={() => setCursor(data.nextCursor ?? undefined)}>Older</Button>
              )}
            </div>
          </>
        )}
      </Pending>
    </Section>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  return (
    <tr>
      <td>
        <Ago at={entry.at} />
      </td>
      <td>
        {entry.actor}
        <span className="under">{entry.actorKind}</span>
      </td>
      <td>{entry.action}</td>
      <td>
        {entry.subjectType}
        <span className="under">{entry.subjectId}</span>
      </td>
      <td className="wide">
        <code className="entry-detail">{entry.detail === null ? '' : JSON.stringify(entry.detail)}</code>
      </td>
    </tr>
  );
}
