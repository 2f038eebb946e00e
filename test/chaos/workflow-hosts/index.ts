import { openDatabase } from '../../../functions/platform/database/index.ts';
import { copyTemplate, startTemplateServer, urlOfDatabase } from '../../support/template-server.ts';
import type { Attack } from '../attack.ts';
import { openGround } from './ground.ts';
import { type HostKillOutcome, killHosts } from './killHosts.ts';
import { type HostKillOptions, readOptions, usage } from './options.ts';
import { closingLine, isGood, table } from './verdict.ts';

/** Workflows whose hosts are killed at work. */
export const workflowHosts: Attack<HostKillOptions> = {
  usage,
  read: readOptions,
  perform: async (options, say) => {
    const { seed, pages, kills, hosts, copies } = options;
    const chosen = Object.entries({ seed, pages, kills, hosts, copies });
    say(`chaos workflows ${chosen.map(([name, value]) => `--${name} ${String(value)}`).join(' ')}`);
    const outcome = await onOwnServer(options, say);
    for (const line of [...table(outcome), closingLine(outcome)]) say(line);
    return isGood(outcome);
  },
};

async function onOwnServer(options: HostKillOptions, say: (line: string) => void): Promise<HostKillOutcome> {
  const server = await startTemplateServer();
  try {
    const name = 'datasync_workflow_hosts';
    await copyTemplate(server, name);
    const url = urlOfDatabase(server.adminUrl, name);
    const database = await openDatabase({ url, poolMax: 5 });
    const ground = await openGround({ ...database, url }, options);
    try {
      return await killHosts(ground, options, say);
    } finally {
      await ground.close();
      await database.close();
    }
  } finally {
    await server.close();
  }
}
