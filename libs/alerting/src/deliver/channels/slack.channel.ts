import type { AttemptOutcome } from '@app/credit-domain';
import { ATTEMPT_MS_MAX, type Send, withinAttempt } from '../outgoing-message';
import type { Reach, Resolve } from './outbound/address-guard';
import { outcomeOfAnswer, outcomeOfFailure } from './outbound/answer-outcome';
import { postJson } from './outbound/post-json';
import { slackPayload } from './slack-payload';

export interface SlackWebhookSettings {
  readonly webhookUrl: string;
  readonly reach: Reach;
  readonly resolve: Resolve;
  readonly now: () => Date;
}

/** Posts to a Slack incoming webhook. Not with Slack's own client for webhooks, which drops Retry-After. */
export function slackSender({ webhookUrl, reach, resolve, now }: SlackWebhookSettings, attemptMs = ATTEMPT_MS_MAX): Send {
  return async (message, stop): Promise<AttemptOutcome> => {
    try {
      const body = JSON.stringify(slackPayload(message));
      const answer = await withinAttempt({ stop, attemptMs }, (signal) =>
        postJson({ url: new URL(webhookUrl), headers: {}, body, reach, resolve, signal }),
      );
      return outcomeOfAnswer('slack', answer, now());
    } catch (error) {
      return outcomeOfFailure('slack', error);
    }
  };
}
