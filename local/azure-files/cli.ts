import { parseArgs } from 'node:util';
import type { Account } from './auth/accounts.ts';
import { DEVELOPMENT_ACCOUNT } from './server.ts';
import type { AzureFilesServerOptions } from './server.ts';

/** What the command line may say; shown when it says something else. */
export const USAGE = `usage: npm run azure-files -- [--port P] [--host H] [--data DIR] [--account NAME] [--key KEY] [--faults] [--synced] [--soft-delete-days N] [--log]

  --port P                port to listen on (default 10003; 0: a free one)
  --host H                address to listen on (default 127.0.0.1)
  --data DIR              folder for all files (default .data/azure-files)
  --account NAME          storage account (default ${DEVELOPMENT_ACCOUNT.name})
  --key KEY               its key in base64; better in the environment as AZURE_FILES_KEY (default: Azurite's)
  --faults                serve /.faults, by which tests add faults
  --synced                wait for the disk on every write
  --soft-delete-days N    how long a deleted share can be restored (default 7; 0: not at all)
  --log                   print a line for every request`;

/** A command line that makes no sense; its message is for the person who typed it. */
export class UsageError extends Error {}

export interface CommandLine {
  readonly server: AzureFilesServerOptions & { readonly accounts: readonly [Account] };
  readonly logsRequests: boolean;
}

/** Reads the command line and the environment. @throws UsageError */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const values = parse(args);
  const days = values['soft-delete-days'];
  return {
    logsRequests: values.log,
    server: {
      port: wholeNumber('--port', values.port, 65_535),
      host: values.host,
      dataDir: values.data,
      accounts: [accountOf(values.account, values.key ?? environment['AZURE_FILES_KEY'])],
      faultEndpoint: values.faults,
      synced: values.synced,
      ...(days === undefined ? {} : { softDeleteDays: wholeNumber('--soft-delete-days', days, 365) }),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '10003' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string', default: '.data/azure-files' },
        account: { type: 'string', default: DEVELOPMENT_ACCOUNT.name },
        key: { type: 'string' },
        faults: { type: 'boolean', default: false },
        synced: { type: 'boolean', default: false },
        'soft-delete-days': { type: 'string' },
        log: { type: 'boolean', default: false },
      },
      strict: true,
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new UsageError(`${flag} is ${JSON.stringify(text)}; wanted: a whole number from 0 to ${max}`);
}

function accountOf(name: string, key: string | undefined): Account {
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    throw new UsageError(
      `--account is ${JSON.stringify(name)}; wanted: 3 to 24 lower-case letters and digits`,
    );
  }
  if (key === undefined && name !== DEVELOPMENT_ACCOUNT.name) {
    throw new UsageError(`account ${name} has no key; wanted: AZURE_FILES_KEY in the environment, or --key`);
  }
  const given = key ?? DEVELOPMENT_ACCOUNT.key;
  const bytes = Buffer.from(given, 'base64');
  // The key itself stays out of the message: it may be a real one with a slip in it.
  if (bytes.length < 16 || bytes.toString('base64') !== given) {
    throw new UsageError('the account key is no base64 of at least 16 bytes');
  }
  return { name, key: given };
}
