import { describe, expect, it } from 'vitest';
import { checkQuery } from '../../test/support/kusto.ts';
import { readSavedQueries } from './savedQueries.ts';

const queries = readSavedQueries();
const numeric = ['long', 'int', 'real', 'double', 'decimal'];

describe('the saved queries', () => {
  it.each(queries.map((saved) => [saved.name, saved] as const))(
    'D5 %s is a query that Azure understands',
    (_, saved) => {
      const { faults, columns } = checkQuery(saved.query);
      expect(faults).toEqual([]);
      expect(columns.size).toBeGreaterThan(0);
      const measure = saved.alert?.measure;
      if (measure !== undefined) expect(numeric, `type of ${measure}`).toContain(columns.get(measure));
      // A picture over time needs to know when.
      if (saved.visual === 'timechart') expect([...columns.values()]).toContain('datetime');
    },
  );

  it('D5 there is one for what has to be watched', () => {
    expect(queries.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'agent-versions',
        'alert-transitions',
        'audit-failures',
        'cold-starts',
        'dependency-failures',
        'error-rate',
        'heartbeat-gaps',
        'ingestion-volume',
        'pool-exhaustion',
        'queue-age',
        'slow-calls',
        'sweeper-health',
        'throttling',
        'workflow-executions',
      ]),
    );
  });
});

describe('checkQuery', () => {
  it.each([
    ['a column that is not there', 'requests | where durationMs > 1', 'durationMs'],
    ['a table that is not there', 'request | count', 'request'],
    ['a column of another table', 'traces | where resultCode == "500"', 'resultCode'],
    ['a function that is not there', 'requests | extend a = toStrin(name)', 'toStrin'],
    ['what is no query', 'requests | whre name == "a"', 'operator expected'],
    ['success as if it were no text', 'requests | where success == false', 'success is a text'],
    ['its negation', 'requests | where not(success)', 'success is a text'],
    ['it as a condition', 'requests | where success | count', 'success'],
    ['a control command', '.show tables', 'control command'],
    ['a time of its own', 'requests | where timestamp > ago(1h)', 'time of its own'],
  ])('D5 refuses %s', (_, query, wanted) => {
    expect(checkQuery(query).faults.join('\n')).toContain(wanted);
  });
});
