export { createTestDatabase, type TestDatabase, type TestDatabaseOptions, type TestSchema } from './postgresql/test-database';
