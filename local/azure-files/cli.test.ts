import { describe, expect, it } from 'vitest';
import { readCommandLine, UsageError } from './cli.ts';
import { DEVELOPMENT_ACCOUNT } from './server.ts';

const KEY = Buffer.alloc(64, 7).toString('base64');

describe('the command line', () => {
  it('L4 serves port 10003 for the published account by default', () => {
    const { server } = readCommandLine([], {});
    expect(server).toMatchObject({
      port: 10_003,
      host: '127.0.0.1',
      accounts: [DEVELOPMENT_ACCOUNT],
      faultEndpoint: false,
    });
  });

  it('L4 takes account and key, the key also from the environment', () => {
    expect(readCommandLine(['--account', 'other', '--key', KEY], {}).server.accounts).toEqual([
      { name: 'other', key: KEY },
    ]);
    const { server } = readCommandLine(['--account', 'other'], { AZURE_FILES_KEY: KEY });
    expect(server.accounts).toEqual([{ name: 'other', key: KEY }]);
  });

  it.each([
    [['--port', 'eighty']],
    [['--port', '70000']],
    [['--port', '-1']],
    [['--nonsense']],
    [['stray']],
    [['--account', 'No']],
    [['--account', 'other']],
    [['--key', 'not base64!']],
    [['--soft-delete-days', '1.5']],
  ])('L4 refuses %j and says what was wanted', (args) => {
    expect(() => readCommandLine(args, {})).toThrow(UsageError);
  });

  it('L4 never repeats a key in a message', () => {
    const slip = `${KEY.slice(0, -3)}!`;
    expect(() => readCommandLine(['--key', slip], {})).toThrow(/^(?!.*BwcH)/);
  });
});
