import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Whoever starts a process may print; everything below it takes a log as an argument. */
const entryPoints = ['**/main.ts', 'local/start.ts', 'scripts/**'];
const tests = ['**/*.test.ts', '**/*.test.tsx', 'test/**'];
const configFiles = ['*.config.{js,ts}', 'dashboard/*.config.ts', '*.cjs'];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name the export: a default export is renamed by every importer, so nobody can search for it.',
};
const noSkippedTest = {
  selector:
    'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|skipIf|runIf|fails)$/]',
  message: 'A test runs everywhere or is not there: what cannot run here is left out by its own entry point.',
};

export default defineConfig(
  globalIgnores(['dist/', '.data/', 'coverage/', 'test-results/', 'node_modules/', '**/dist/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', 400],
      'no-console': 'error',
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: 'error',
      'no-constant-binary-expression': 'error',
      'no-control-regex': 'error',
      'no-unreachable-loop': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // Ports are interfaces whose implementations may be synchronous inside: async without await is no defect.
      '@typescript-eslint/require-await': 'off',
      // Both forms say the same; which one reads better depends on the type.
      '@typescript-eslint/array-type': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      // There are no enums (`erasableSyntaxOnly`), and objects are told apart by what they can do, hardly ever by class; the
      // two rules look at every assignment, which is an eighth of the time of the whole check.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Objects are made of closures here and know no `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: entryPoints, rules: { 'no-console': 'off' } },
  {
    files: tests,
    rules: {
      'no-console': 'off',
      'no-restricted-syntax': ['error', noDefaultExport, noSkippedTest],
      // Answers of a server under test are read as what they claim to be; the assertion is the check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['dashboard/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat.recommended,
    rules: {
      ...reactHooks.configs.flat.recommended.rules,
      // An event handler has nobody to hand its promise to; the query client reports what fails.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  { files: configFiles, rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.{js,cjs,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
