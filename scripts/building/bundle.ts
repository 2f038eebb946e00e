import { parse } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const requireBanner = `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`;

interface Bundling {
  readonly entry: string;
  /** The module that is loaded first, `…/app.mjs`. */
  readonly to: string;
  readonly plugins?: Plugin[];
  /** Names in the source that stand for texts. */
  readonly texts?: Readonly<Record<string, string>>;
}

/**
 * Bundles one program into ES modules with source maps beside them: what is imported on demand goes into modules of its
 * own, so that loading the first does not pay for it. Minified, since that loads a third faster; names are kept, since
 * error classes are told apart by theirs. Refuses every import that it cannot resolve. Gives what went where.
 */
export async function bundle({ entry, to, plugins = [], texts = {} }: Bundling): Promise<Metafile> {
  const { dir, name, ext } = parse(to);
  const { metafile } = await build({
    entryPoints: { [name]: entry },
    outdir: dir,
    outExtension: { '.js': ext },
    splitting: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: requireBanner },
    plugins,
    define: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, JSON.stringify(text)])),
    // The Functions worker supplies its core module when it loads the app. pg asks for its native twin in a try.
    external: ['@azure/functions-core', 'pg-native'],
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}
