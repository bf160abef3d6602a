import type { ChannelTarget, ShownChannel } from '@app/alerting';
import type { z } from 'zod';
import type { channel, channelBody } from './channels.schemas';

const SMTPS_PORT = 465;

/** From what a client sends to what the feature takes. */
export function channelTarget(body: z.output<typeof channelBody>): ChannelTarget {
  switch (body.type) {
    case 'slack': {
      const { botToken, webhookUrl = '', channel: slackChannel = '', signingSecret, apiUrl, principals } = body;
      if (botToken === undefined) return { type: 'slack', webhookUrl };
      return {
        type: 'slack-bot',
        botToken,
        channel: slackChannel,
        signingSecret: signingSecret ?? null,
        apiUrl: apiUrl ?? null,
        principals: principals ?? null,
      };
    }
    case 'email': {
      const { host, port, secure, user, password } = body.smtp;
      return {
        type: 'email',
        to: body.to,
        from: body.from ?? null,
        smtp: { host, port, secure: secure ?? port === SMTPS_PORT, user: user ?? null, password: password ?? null },
        dkim: body.dkim ?? null,
      };
    }
    case 'webhook':
      return { type: 'webhook', url: body.url, secret: body.secret ?? null };
  }
}

/** A channel as a client sees it: what it leads to, and nothing that opens it. */
export function channelOnTheWire({ id, name, registeredAt, status, disabled, target }: ShownChannel): z.input<typeof channel> {
  const common = {
    id,
    name,
    status,
    disabled: disabled === null ? null : { reason: disabled.reason, at: disabled.at.toISOString() },
    registeredAt: registeredAt.toISOString(),
  };
  switch (target.type) {
    case 'slack':
      return { ...common, type: 'slack', host: target.host };
    case 'slack-bot':
      return { ...common, type: 'slack', channel: target.channel, buttons: target.buttons };
    case 'email': {
      const { to, from, smtp, dkim, digestsPaused } = target;
      return { ...common, type: 'email', to: [...to], from, smtp, dkim, digestsPaused: [...digestsPaused] };
    }
    case 'webhook':
      return { ...common, type: 'webhook', host: target.host, previousSecretUntil: target.previousSecretUntil?.toISOString() ?? null };
  }
}
