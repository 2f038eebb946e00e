import { defineConfig } from 'oxfmt';

export default defineConfig({
  printWidth: 110,
  singleQuote: true,
  sortPackageJson: false,
  ignorePatterns: [
    'package-lock.json',
    'dist/',
    '.data/',
    'coverage/',
    'test-results/',
    'docs/images/',
    // Written by the schema dump and compared byte for byte.
    'functions/platform/database/schema*.sql',
  ],
});
