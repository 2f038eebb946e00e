import { build } from 'esbuild';

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const requireBanner = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/**
 * Bundles one program into one ES module with a source map beside it. Minified, since that loads a third faster; names
 * are kept, since error classes are told apart by theirs. Refuses every import that it cannot resolve.
 */
export async function bundle({ entry, to }: { entry: string; to: string }): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile: to,
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
    // The Functions worker supplies its core module when it loads the app. pg asks for its native twin in a try.
    external: ['@azure/functions-core', 'pg-native'],
    logLevel: 'warning',
  });
}
