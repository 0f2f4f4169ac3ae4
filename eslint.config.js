import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['target/', 'pkg/', 'dist/', 'artefacts/', 'runs/', '.cache/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-implicit-globals': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    files: ['pkg-template/**/*.js'],
    languageOptions: { globals: { ...globals.browser, ...globals.audioWorklet } },
  },
  { files: ['www/**/*.js'], languageOptions: { globals: { ...globals.browser, ...globals.audioWorklet } } },
  {
    files: ['*.js', 'scripts/**', 'bench/**', 'tests/**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['tests/consumers/**/*.js'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    // Components are used by JSX alone, which this rule does not see.
    rules: { 'no-unused-vars': ['error', { varsIgnorePattern: '^[A-Z]' }] },
  },
  // Functions that tests pass to the page run there.
  {
    files: ['tests/browser/**', 'tests/leaks/**', 'scripts/consumers.mjs', 'scripts/speed.mjs'],
    languageOptions: { globals: globals.browser },
  },
];
