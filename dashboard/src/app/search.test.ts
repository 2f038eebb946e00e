import { describe, expect, it } from 'vitest';
import { changeSearch, readAlertsSearch, readFilesSearch, readLogsSearch, readRunsSearch } from './search.ts';

describe('search in the URL', () => {
  it('O3 takes the words it knows and leaves out everything else', () => {
    const raw = { q: '0198', type: 'file_sync', status: 'failed', nonsense: 'x', from: '', to: ['a'] };
    expect(readRunsSearch(raw)).toEqual({ q: '0198', type: 'file_sync', status: 'failed' });
  });

  it('O3 takes a prefix of digits as text', () => {
    expect(readRunsSearch({ q: 198 })).toEqual({ q: '198' });
    expect(readFilesSearch({ q: 42 })).toEqual({ q: '42' });
  });

  it('L5 alerts and logs keep their words in the URL, and nothing else', () => {
    const raw = { runner: 'r1', severity: 'critical', correlation: 'c1', level: 'Error', nonsense: 'x' };
    expect(readAlertsSearch(raw)).toEqual({ runner: 'r1', severity: 'critical' });
    expect(readLogsSearch(raw)).toEqual({ runner: 'r1', correlation: 'c1', level: 'Error' });
  });

  it('O3 a changed filter begins at the first page again, and an emptied one is gone', () => {
    const search = { q: '0198', status: 'failed', after: 'cursor' };
    expect(changeSearch(search, { status: 'complete' })).toEqual({ q: '0198', status: 'complete' });
    expect(changeSearch(search, { q: '' })).toEqual({ status: 'failed' });
  });
});
