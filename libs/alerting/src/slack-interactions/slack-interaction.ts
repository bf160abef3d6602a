import { Refusal } from '@app/platform';
import { z } from 'zod';
import { SLACK_ACTIONS } from '../deliver/channels/slack-payload';

const sentPayload = z.object({
  type: z.string(),
  user: z.object({ id: z.string().regex(/^[UW][A-Z0-9]{1,30}$/) }),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).default([]),
});
const alertId = z.uuid();

/** A button somebody pressed. */
export interface SlackPress {
  /** Slack's id of whoever pressed it. */
  readonly user: string;
  readonly action: keyof typeof SLACK_ACTIONS;
  readonly alertId: string;
}

/** What was pressed; null for everything that asks for nothing here, such as a link. Refused `slack-payload-invalid`. */
export function slackPressOf(body: string): SlackPress | null {
  const payload = sentPayload.safeParse(parsed(new URLSearchParams(body).get('payload')));
  if (!payload.success) throw invalid();
  const [pressed] = payload.data.actions;
  const action = (Object.keys(SLACK_ACTIONS) as (keyof typeof SLACK_ACTIONS)[]).find((key) => SLACK_ACTIONS[key] === pressed?.action_id);
  if (payload.data.type !== 'block_actions' || action === undefined) return null;
  const value = alertId.safeParse(pressed?.value);
  if (!value.success) throw invalid();
  return { user: payload.data.user.id, action, alertId: value.data };
}

function parsed(payload: string | null): unknown {
  try {
    return JSON.parse(payload ?? '') as unknown;
  } catch {
    throw invalid();
  }
}

function invalid(): Refusal {
  return new Refusal('slack-payload-invalid', 'The body must be a form whose field payload holds an interaction of Slack.', [
    { field: 'payload' },
  ]);
}
