import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtinsDirectly } from './builtinsDirectly.ts';
import { bundle } from './bundle.ts';

/** Leaves a deployable function app in `to`, which is emptied first. Files read at run time keep their place beside the bundle. */
export async function packApp({
  root,
  dashboard,
  to,
  commit,
}: {
  root: string;
  dashboard: string;
  to: string;
  /** Of what is packed: the app says it with its version. */
  commit?: string;
}): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await bundle({
    entry: join(root, 'functions/app.ts'),
    to: join(to, 'app.mjs'),
    plugins: [builtinsDirectly],
    ...(commit !== undefined && { texts: { DATASYNC_COMMIT: commit } }),
  });
  await writeFile(join(to, 'package.json'), await describeApp(join(root, 'package.json')));
  await cp(join(root, 'host.json'), join(to, 'host.json'));
  await cp(join(root, 'functions/platform/database/migrations'), join(to, 'migrations'), { recursive: true });
  await cp(dashboard, join(to, 'dashboard'), { recursive: true });
}

/** Azure's worker loads what `main` names; nothing is installed there, so it lists no dependencies. */
async function describeApp(packagePath: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(packagePath, 'utf8')) as {
    name: string;
    version: string;
  };
  return `${JSON.stringify({ name, version, private: true, type: 'module', main: 'app.mjs' }, null, 2)}\n`;
}
