import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const viteEntry = path.join(root, 'node_modules/vite/bin/vite.js');
const outDir = path.join(root, 'dist', 'dashboard');
const stamp = path.join(root, 'dist', 'dashboard.sources');

/** Makes sure that `dist/dashboard` is what the sources say, building it (a few seconds) when they changed. */
export async function ensureDashboard(): Promise<string> {
  const wanted = await hashOfSources();
  const built = existsSync(path.join(outDir, 'index.html')) && existsSync(stamp);
  if (built && readFileSync(stamp, 'utf8') === wanted) return outDir;
  // In a process of its own: what a build takes of memory would stay with the supervisor.
  await run(process.execPath, [viteEntry, 'build', 'dashboard', '--logLevel', 'error'], { cwd: root });
  writeFileSync(stamp, wanted);
  return outDir;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['dashboard', 'shared']) {
    const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    for (const file of files.sort())
      hash
        .update(path.relative(root, file))
        .update('\0')
        .update(await readFile(file));
  }
  hash.update(await readFile(path.join(root, 'package-lock.json')));
  return hash.digest('hex');
}
