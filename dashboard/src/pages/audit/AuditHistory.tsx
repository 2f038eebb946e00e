import { Link } from '@tanstack/react-router';
import type { AuditResult } from '../../../../shared/contract/audit.ts';
import { checkMarks } from '../../format/marks.ts';
import { sayName } from '../../format/ids.ts';
import { Ago } from '../../parts/Ago.tsx';
import { StatusMark } from '../../parts/StatusMark.tsx';
import { type Column, Table } from '../../parts/Table.tsx';

const columns: readonly Column[] = [
  { name: 'Verdict' },
  { name: 'When' },
  { name: 'Not passed' },
  { name: 'Asked for by', wide: true },
];

export function AuditHistory({ results, shownId }: { results: readonly AuditResult[]; shownId: string }) {
  return (
    <Table label="Earlier audits, newest first" columns={columns}>
      {results.map((result) => (
        <tr key={result.auditId} data-row="" aria-current={result.auditId === shownId ? 'true' : undefined}>
          <td>
            <StatusMark mark={checkMarks[result.verdict]} />
          </td>
          <td>
            <Link to="/audit" search={{ audit: result.auditId }} className="link">
              <Ago at={result.finishedAt} />
            </Link>
          </td>
          <td>{notPassed(result)}</td>
          <td className="wide">
            {result.requestedBy} <span className="quiet">({result.trigger})</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function notPassed(result: AuditResult): string {
  const names = result.checks.filter((check) => check.status !== 'pass').map((check) => sayName(check.name));
  return names.length === 0 ? '–' : names.join(', ');
}
