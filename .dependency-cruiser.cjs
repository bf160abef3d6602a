/** Who may import whom. Every rule is seen red by test/architecture/architecture.spec.ts, on the imports planted beside it. */
const TESTS = '(spec|\\.features|\\.fixture)\\.ts$';
const FEATURES = 'receivables|provisioning|collections|alerting|access';

const from = (path) => ({ path, pathNot: TESTS });
const rule = (name, comment, fromPart, to) => ({ name, comment, severity: 'error', from: fromPart, to });

module.exports = {
  forbidden: [
    rule('credit-domain-imports-only-decimal-js', 'Rules stay pure: no framework, no database, no clock.', from('^libs/credit-domain/'), {
      pathNot: '^libs/credit-domain/|node_modules/decimal\\.js/',
    }),
    rule('event-store-imports-only-pg', 'The log depends on PostgreSQL and on nothing of the business.', from('^libs/event-store/'), {
      path: '^libs/|^apps/|node_modules/',
      pathNot: '^libs/event-store/|node_modules/(pg|pg-copy-streams|@types/pg|@types/pg-copy-streams)/',
    }),
    rule('platform-knows-no-business', 'The platform serves features and knows none.', from('^libs/platform/'), {
      path: '^libs/',
      pathNot: '^libs/(platform|event-store)/',
    }),
    rule(
      'features-meet-only-in-events',
      'A feature uses another by its index: Query, Command and event types.',
      from(`^libs/(${FEATURES})/`),
      {
        path: `^libs/(${FEATURES})/`,
        pathNot: `^libs/$1/|^libs/(${FEATURES})/src/index\\.ts$`,
      },
    ),
    rule('access-knows-no-feature', 'Access comes before every feature.', from('^libs/access/'), {
      path: '^libs/(receivables|provisioning|collections|alerting)/',
    }),
    rule('only-apps-compose-the-book', 'The list of all features is for applications.', from('^libs/(?!book/|testing/)'), {
      path: '^libs/book/',
    }),
    rule('libs-never-import-apps', 'Libraries do not know who runs them.', from('^libs/'), { path: '^apps/' }),
    rule(
      'apps-never-import-apps',
      'Applications share libraries; standalone alone composes api and worker.',
      from('^apps/(?!standalone/)([^/]+)/'),
      {
        path: '^apps/',
        pathNot: '^apps/$1/',
      },
    ),
    rule(
      'enter-a-lib-by-its-index',
      'What the index does not export is private.',
      { path: '^libs/([^/]+)/', pathNot: '^libs/testing/src/postgresql/global-setup\\.ts$' },
      {
        path: '^libs/[^/]+/src/',
        pathNot: '^libs/$1/|^libs/[^/]+/src/index\\.ts$',
      },
    ),
    rule(
      'apps-enter-a-lib-by-its-index',
      'What the index does not export is private.',
      { path: '^(apps|test)/' },
      {
        path: '^libs/[^/]+/src/',
        pathNot: '^libs/[^/]+/src/index\\.ts$',
      },
    ),
    rule(
      'enter-an-app-by-its-index',
      'Standalone uses what api and worker offer.',
      { path: '^apps/([^/]+)/' },
      {
        path: '^apps/[^/]+/src/',
        pathNot: '^apps/$1/|^apps/[^/]+/src/index\\.ts$',
      },
    ),
    rule(
      'testing-is-for-tests',
      'Nothing that is shipped depends on fakes.',
      { path: '^(libs|apps)/', pathNot: `${TESTS}|^libs/testing/` },
      { path: '^libs/testing/' },
    ),
    // Types that name each other vanish when compiled.
    rule('no-circular', 'A circle has no beginning to read from.', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule(
      'no-unlisted-or-dev-dependency',
      'What is shipped needs what npm installs for production.',
      { path: '^(libs|apps)/', pathNot: `${TESTS}|^libs/testing/` },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule('not-to-unresolvable', 'An import that leads nowhere fails at run time.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|apps/web)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
