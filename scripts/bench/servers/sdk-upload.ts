import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ShareServiceClient } from '@azure/storage-file-share';

/** The peer of P3: the SDK's own `uploadData`, a file at a time on each of so many lanes. Prints `took <ms>`. */
const [source = '', shareName = '', lanes = '1'] = process.argv.slice(2);
const service = ShareServiceClient.fromConnectionString(process.env['BENCH_CONNECTION_STRING'] ?? '');
const share = service.getShareClient(shareName);
await share.create();
const root = share.rootDirectoryClient;
const names = readdirSync(source);
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: Number(lanes) }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await root.getFileClient(name).uploadData(await readFile(path.join(source, name)));
    }
  }),
);
process.stdout.write(`took ${String(performance.now() - startedAt)}\n`);
process.exit(0);
