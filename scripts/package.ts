import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { commitOf } from './building/commitOf.ts';
import { zip } from './building/zip.ts';

/**
 * `npm run package`, after `npm run build`: dist/packages/app-VERSION-COMMIT.zip and agent-VERSION-COMMIT.zip, each only what was
 * built, and release.json, which says what they are. The same build gives the same bytes.
 */
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const to = join(dist, 'packages');

const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const { short, commit, madeAt: releaseAt } = commitOf(root);
await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
const name = (part: string) => `${part}-${version}-${short}.zip`;
const app = await pack('app');
const agent = await pack('agent');
/** As the deployed app says its version. */
const says = `${version}+${short}`;
const release = { version, says, commit, releaseAt, app, agent };
await writeFile(join(to, 'release.json'), `${JSON.stringify(release, null, 2)}\n`);
console.log(
  `Packed ${app.file} (${String(app.bytes)} bytes) and ${agent.file} (${String(agent.bytes)} bytes)`,
);

async function pack(part: 'app' | 'agent') {
  const folder = join(dist, part);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const entries = await Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      bytes: await readFile(path),
    })),
  );
  const bytes = zip(entries);
  await writeFile(join(to, name(part)), bytes);
  return { file: name(part), bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
