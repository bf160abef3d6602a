/** Suffix says what a test needs: `.spec` nothing, `.int-spec` PostgreSQL or Redis, `.journey-spec` the whole application over HTTP. */
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/)'],
  moduleNameMapper: { '^@app/([^/]+)$': '<rootDir>/libs/$1/src' },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
const withServer = {
  globalSetup: '<rootDir>/libs/testing/src/postgresql/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/postgresql/global-teardown.ts',
};
module.exports = {
  coverageProvider: 'v8',
  // A machine that does other work beside makes a database in more than the five seconds jest waits by default.
  testTimeout: 30_000,
  projects: [
    { ...shared, displayName: 'unit', testRegex: '\\.spec\\.ts$' },
    { ...shared, ...withServer, displayName: 'integration', testRegex: '\\.int-spec\\.ts$' },
    { ...shared, ...withServer, displayName: 'journeys', testRegex: '\\.journey-spec\\.ts$' },
  ],
};
