export { createTestDatabase, type TestDatabase, type TestDatabaseOptions, type TestSchema } from './postgresql/test-database';
export { eventually } from './eventually';
export { openTestRedis, redisAnswers, type TestRedis } from './redis';
export { type ScriptedAnswer } from './fake-http';
export { startFakeSlack, type FakeSlack, type ReceivedSlackMessage, type SlackAnswer } from './fake-slack';
export {
  startFakeSlackBot,
  type FakeSlackBot,
  type FakeSlackBotMessage,
  type SlackApiAnswer,
  type SlackApiCall,
  type SlackApiMethod,
} from './fake-slack-bot';
export { startFakeWebhook, type FakeWebhook, type ReceivedWebhook } from './fake-webhook';
export { startFakeSmtp, type FakeSmtp, type ReceivedMail, type SmtpAnswer } from './fake-smtp';
export { describePublishedEvents } from './published-events';
export { steppableClock, type SteppableClock } from './steppable-clock';
