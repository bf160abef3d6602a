import tseslint from 'typescript-eslint';

const RULES_ARE_PURE = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Rules read no clock: take the date as an argument (LocalDate).',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Rules read no clock: take the date as an argument (LocalDate).',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Rules know no chance: take the value as an argument.',
  },
  {
    selector: "CallExpression[callee.property.name='toNumber']",
    message: 'Money and rates never become doubles: keep bigint minor units or Decimal.',
  },
  {
    selector: "CallExpression[callee.name='parseFloat'], CallExpression[callee.property.name='parseFloat']",
    message: 'Money and rates never become doubles: use Decimal or parseMinor.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'coverage/**',
      'node_modules/**',
      'apps/web/**',
      '**/*.mjs',
      '**/*.cjs',
      '**/*.js',
      'test/architecture/planted/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // Nest modules are empty classes with a decorator; some have only static factories.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: true }],
      // Nest describes its options as classes and is given literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Positions, versions and counts are written as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: false, allowNever: false }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['libs/credit-domain/**/*.ts'], ignores: ['**/*spec.ts'], rules: { 'no-restricted-syntax': ['error', ...RULES_ARE_PURE] } },
  {
    files: ['**/*spec.ts', '**/*.features.ts', '**/*.fixture.ts', 'libs/testing/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
);
