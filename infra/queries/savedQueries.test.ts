import { describe, expect, it } from 'vitest';
import { readSavedQueries, savedQueryOf } from './savedQueries.ts';

const header = ['// title: T', '// shows: what', '//   it shows', '// do: that', '// runbook: server-down'];
const query = 'requests\n| count';
const alert = (fields: string) => [...header, `// alert: ${fields}`, query].join('\n');
const whole = 'severity=2 window=PT15M every=PT5M threshold=0 operator=GreaterThan';

describe('savedQueryOf', () => {
  it('D5 reads the header and leaves the query as it stands', () => {
    expect(savedQueryOf('q', alert(whole))).toEqual({
      name: 'q',
      title: 'T',
      shows: 'what it shows',
      do: 'that',
      runbook: 'server-down',
      visual: 'table',
      alert: { severity: 2, window: 'PT15M', every: 'PT5M', threshold: 0, operator: 'GreaterThan' },
      query,
    });
  });

  it.each([
    ['no field', query, 'title'],
    ['a field that nobody knows', ['// titel: T', ...header, query].join('\n'), 'titel'],
    ['a field twice', ['// title: T', ...header, query].join('\n'), 'two lines'],
    ['no query', header.join('\n'), 'no query'],
    [
      'an alert without its threshold',
      alert('severity=2 window=PT15M every=PT5M operator=Equal'),
      'threshold',
    ],
    ['a window that Azure does not take', alert(whole.replace('PT15M', 'PT16M')), 'window'],
    ['a look that is rarer than its window', alert(whole.replace('PT5M', 'PT1H')), 'every is longer'],
    ['a measure without its aggregation', alert(`${whole} measure=n`), 'aggregation'],
    ['an alert without its chapter', alert(whole).replace('// runbook: server-down\n', ''), 'chapter'],
  ])('D5 refuses a file with %s, and names the file', (_, text, wanted) => {
    expect(() => savedQueryOf('odd', text)).toThrow(/odd\.kql/);
    expect(() => savedQueryOf('odd', text)).toThrow(wanted);
  });
});

describe('readSavedQueries', () => {
  it('D5 every query of the folder has its header, and no two a title', () => {
    const titles = readSavedQueries().map(({ title }) => title);
    expect(titles).toContain('Error rate');
    expect(new Set(titles).size).toBe(titles.length);
  });
});
