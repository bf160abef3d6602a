export { createTestDatabase, type TestDatabase, type TestDatabaseOptions, type TestSchema } from './postgresql/test-database';
export { eventually } from './eventually';
export { openTestRedis, redisAnswers, type TestRedis } from './redis';
export { startFakeSlack, type FakeSlack, type ReceivedSlackMessage, type SlackAnswer } from './fake-slack';
export { startFakeSmtp, type FakeSmtp, type ReceivedMail, type SmtpAnswer } from './fake-smtp';
export { describePublishedEvents } from './published-events';
export { steppableClock, type SteppableClock } from './steppable-clock';
