import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { commitOf } from './building/commitOf.ts';
import { packAgent } from './building/packAgent.ts';
import { packApp } from './building/packApp.ts';

/**
 * `npm run build`: dist/app is a function app that can be deployed as it is (host.json, package.json with `main`, the
 * bundle, its migrations, the dashboard), dist/agent the agent, begun by agent.mjs. Building twice changes nothing.
 */
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

// Its own configuration puts it into dist/dashboard, compressed.
await build({ root: join(root, 'dashboard'), logLevel: 'warn' });
await packApp({
  root,
  dashboard: join(dist, 'dashboard'),
  to: join(dist, 'app'),
  // Sources that were unpacked from an archive have none.
  ...(existsSync(join(root, '.git')) && { commit: commitOf(root).short }),
});
await packAgent({ entry: join(root, 'agent/main.ts'), to: join(dist, 'agent/agent.mjs') });
console.log(`Built ${join(dist, 'app')} and ${join(dist, 'agent')}`);
