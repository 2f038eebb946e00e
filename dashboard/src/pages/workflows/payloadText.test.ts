import { describe, expect, it } from 'vitest';
import { readPayload } from './payloadText.ts';

describe('readPayload', () => {
  it('W6 takes an object, and nothing as an empty one', () => {
    expect(readPayload('{"since": "2026-04-01", "n": [1]}')).toEqual({
      payload: { since: '2026-04-01', n: [1] },
    });
    expect(readPayload('  ')).toEqual({ payload: {} });
  });

  it('W6 says what is wrong before anything is sent', () => {
    expect(readPayload('{"since": }')).toMatchObject({
      fault: expect.stringContaining('not JSON') as string,
    });
    for (const text of ['[]', '7', 'null', '"x"'])
      expect(readPayload(text)).toMatchObject({ fault: expect.stringContaining('object') as string });
  });
});
