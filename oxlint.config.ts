import { defineConfig } from 'oxlint';

/** Whoever starts a process may print; everything below it takes a log as an argument. */
const entryPoints = ['**/main.ts', 'local/start.ts', 'scripts/**'];
const tests = ['**/*.test.ts', '**/*.test.tsx', 'test/**'];
const configFiles = ['*.config.{js,ts}', 'dashboard/*.config.ts', '*.cjs', '.*.cjs'];

const errors = (plugin: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${plugin}/${name}`, 'error'] as const));

/** What typescript-eslint calls its strict and its stylistic rules: those for which the syntax is enough. */
const typescript = errors('typescript', [
  'adjacent-overload-signatures',
  'ban-tslint-comment',
  'class-literal-property-style',
  'consistent-generic-constructors',
  'consistent-type-assertions',
  'no-confusing-non-null-assertion',
  'no-duplicate-enum-values',
  'no-dynamic-delete',
  'no-empty-object-type',
  'no-explicit-any',
  'no-extra-non-null-assertion',
  'no-extraneous-class',
  'no-inferrable-types',
  'no-invalid-void-type',
  'no-misused-new',
  'no-namespace',
  'no-non-null-asserted-nullish-coalescing',
  'no-non-null-asserted-optional-chain',
  'no-non-null-assertion',
  'no-require-imports',
  'no-this-alias',
  'no-unnecessary-type-constraint',
  'no-unsafe-declaration-merging',
  'no-unsafe-function-type',
  'no-wrapper-object-types',
  'prefer-as-const',
  'prefer-for-of',
  'prefer-function-type',
  'prefer-literal-enum-member',
  'prefer-namespace-keyword',
  'triple-slash-reference',
  'unified-signatures',
]);

/** And those that ask the type checker. */
const typeAware = errors('typescript', [
  'await-thenable',
  'dot-notation',
  'no-array-delete',
  'no-base-to-string',
  'no-deprecated',
  'no-duplicate-type-constituents',
  'no-for-in-array',
  'no-generated-empty-object-type',
  'no-implied-eval',
  'no-meaningless-void-operator',
  'no-misused-promises',
  'no-misused-spread',
  'no-mixed-enums',
  'no-redundant-type-constituents',
  'no-unnecessary-boolean-literal-compare',
  'no-unnecessary-template-expression',
  'no-unnecessary-type-arguments',
  'no-unnecessary-type-assertion',
  'no-unnecessary-type-conversion',
  'no-unnecessary-type-parameters',
  'no-unsafe-argument',
  'no-unsafe-assignment',
  'no-unsafe-call',
  'no-unsafe-enum-comparison',
  'no-unsafe-member-access',
  'no-unsafe-return',
  'no-unsafe-unary-minus',
  'no-useless-default-assignment',
  'non-nullable-type-assertion-style',
  'only-throw-error',
  'prefer-find',
  'prefer-includes',
  'prefer-nullish-coalescing',
  'prefer-optional-chain',
  'prefer-promise-reject-errors',
  'prefer-reduce-type-parameter',
  'prefer-regexp-exec',
  'prefer-return-this-type',
  'prefer-string-starts-ends-with',
  'related-getter-setter-pairs',
  'use-unknown-in-catch-callback-variable',
]);

const javascript = errors('eslint', [
  'eqeqeq',
  'no-array-constructor',
  'no-console',
  'no-constant-binary-expression',
  'no-control-regex',
  'no-empty-function',
  'no-unreachable-loop',
  'no-unused-expressions',
  'no-useless-constructor',
  'no-var',
  'prefer-const',
  'prefer-rest-params',
  'prefer-spread',
]);

/** The rules of hooks, and what React's compiler asks of a component. */
const react = errors('react', [
  'error-boundaries',
  'exhaustive-deps',
  'globals',
  'immutability',
  'incompatible-library',
  'preserve-manual-memoization',
  'purity',
  'refs',
  'rules-of-hooks',
  'set-state-in-effect',
  'set-state-in-render',
  'static-components',
  'unsupported-syntax',
  'use-memo',
]);

/** A test runs everywhere or is not there: what cannot run here is left out by its own entry point. */
const skippedTests = ['it', 'test', 'describe'].flatMap((object) =>
  ['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails'].map((property) => ({
    object,
    property,
    message: 'A test runs everywhere or is not there.',
  })),
);

export default defineConfig({
  plugins: ['typescript', 'import', 'react'],
  categories: { correctness: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist/', '.data/', 'coverage/', 'test-results/', 'node_modules/', '**/dist/'],
  rules: {
    ...javascript,
    ...typescript,
    ...typeAware,
    'max-lines': ['error', 400],
    // A default export is renamed by every importer, so nobody can search for it.
    'import/no-default-export': 'error',
    'typescript/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
    'typescript/no-floating-promises': ['error', { ignoreVoid: false }],
    'typescript/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/restrict-plus-operands': [
      'error',
      {
        allowAny: false,
        allowBoolean: false,
        allowNullish: false,
        allowNumberAndString: false,
        allowRegExp: false,
      },
    ],
    'typescript/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    'typescript/no-unnecessary-condition': [
      'error',
      { allowConstantLoopConditions: 'only-allowed-literals' },
    ],
    'no-unused-vars': [
      'error',
      { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
    ],
    // What is sorted without one are texts, if sometimes of a type that says less.
    'typescript/require-array-sort-compare': 'off',
    // Objects are made of closures here and know no `this`.
    'typescript/unbound-method': 'off',
  },
  overrides: [
    { files: entryPoints, rules: { 'no-console': 'off' } },
    {
      files: tests,
      rules: {
        'no-console': 'off',
        'no-restricted-properties': ['error', ...skippedTests],
        // Answers of a server under test are read as what they claim to be; the assertion is the check.
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-non-null-assertion': 'off',
      },
    },
    {
      files: ['dashboard/**/*.{ts,tsx}'],
      rules: {
        ...react,
        // An event handler has nobody to hand its promise to; the query client reports what fails.
        'typescript/no-floating-promises': ['error', { ignoreVoid: true }],
        'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      },
    },
    { files: configFiles, rules: { 'import/no-default-export': 'off' } },
    // No compiler looks at these.
    {
      files: ['**/*.{js,cjs,mjs}'],
      rules: Object.fromEntries(Object.keys(typeAware).map((name) => [name, 'off'] as const)),
    },
    { files: ['**/*.cjs'], rules: { 'typescript/no-require-imports': 'off' } },
  ],
});
