import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'builtin';

/**
 * Takes Node's own modules as a program finds them by `process.getBuiltinModule`. An `import` of one copies every
 * export, and with it calls each getter: importing `node:http` for one function loads a second HTTP client, and
 * `node:crypto` all of Web Crypto, which together is a third of a start.
 */
export const builtinsDirectly: Plugin = {
  name: 'builtins-directly',
  setup: (build) => {
    build.onResolve({ filter: /.*/ }, ({ path }) =>
      isBuiltin(path) ? { path: `node:${path.replace(/^node:/, '')}`, namespace: NAMESPACE } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
