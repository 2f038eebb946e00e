import type { Plugin } from 'esbuild';

const NAMESPACE = 'builtin-by-name';
const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * `builtinsDirectly` for a program that starts often: of Node's own modules, what is imported is taken by its name once, and
 * the other exports are not copied. Not for programs in which a tool exchanges functions of these modules later, as telemetry does:
 * they would keep the first.
 */
export const builtinsByName: Plugin = {
  name: 'builtins-by-name',
  setup: (build) => {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: NAMESPACE, sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: moduleOf(path),
      loader: 'js',
    }));
  },
};

function moduleOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter(
    (name) => NAME.test(name) && name !== 'default',
  );
  return [
    `const builtin = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)});`,
    ...names.map((name) => `const ${name}_ = /* @__PURE__ */ (() => builtin.${name})();`),
    `export { ${names.map((name) => `${name}_ as ${name}`).join(', ')} };`,
    `export default builtin;`,
  ].join('\n');
}
