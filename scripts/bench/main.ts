import { benchColdStart } from './cold-start.ts';
import { benchCompare } from './compare.ts';
import { benchHeartbeats } from './heartbeats.ts';
import { benchFleetPage } from './fleet-page.ts';
import { benchHeartbeatSql } from './heartbeat-sql.ts';
import { benchHost } from './host.ts';
import { benchLogs } from './logs.ts';
import { print } from './report.ts';
import { benchReconcile, benchReconcileFleet } from './reconcile.ts';
import { benchRegisters } from './registers.ts';
import { benchRunsFeed } from './runs-feed.ts';
import { benchScan } from './scan.ts';
import { benchUpload } from './upload.ts';
import { benchWorkflows } from './workflows.ts';

/** The benches by name: a file each, a line here. `npm run bench` runs all; `npm run bench -- host scan` some. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  'cold-start': benchColdStart,
  scan: benchScan,
  compare: benchCompare,
  upload: benchUpload,
  host: benchHost,
  'heartbeat-sql': benchHeartbeatSql,
  heartbeats: benchHeartbeats,
  reconcile: benchReconcile,
  'reconcile-fleet': benchReconcileFleet,
  registers: benchRegisters,
  workflows: benchWorkflows,
  'fleet-page': benchFleetPage,
  'runs-feed': benchRunsFeed,
  logs: benchLogs,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in benches)) {
    process.stderr.write(
      `There is no bench ${JSON.stringify(name)}; wanted: ${Object.keys(benches).join(', ')}\n`,
    );
    process.exit(2);
  }
}
print(
  `Node ${process.version}, ${process.platform} ${process.arch}; each figure is a median, peers measured in the same run`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
process.exit(0);
