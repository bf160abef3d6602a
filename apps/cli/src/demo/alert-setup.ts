import type { ArrearsApi } from './arrears-api';
import { MATRIX_SCHEME } from './load-year';
import type { SlackReceiver } from './receivers/slack-receiver';
import type { SmtpReceiver } from './receivers/smtp-receiver';

/** Registers both local receivers as channels and the rules that watch the year end against the year end before. */
export async function setUpAlerts(admin: ArrearsApi, manager: ArrearsApi, slack: SlackReceiver, smtp: SmtpReceiver): Promise<void> {
  const slackChannel = await admin.post<{ id: string }>('/v1/channels', {
    type: 'slack',
    name: 'credit-control',
    webhookUrl: slack.webhookUrl,
  });
  const emailChannel = await admin.post<{ id: string }>('/v1/channels', {
    type: 'email',
    name: 'finance',
    to: ['finance@example.com'],
    from: 'arrears@example.com',
    smtp: { host: '127.0.0.1', port: smtp.port, secure: false },
  });
  const channels = [slackChannel.id, emailChannel.id];
  const base = 'same-date-last-year';
  const kinds = ['trade'];
  await manager.post('/v1/alert-rules', {
    name: 'Share of trade receivables over three years old',
    channels,
    definition: { type: 'ageing-share-shift', scheme: MATRIX_SCHEME, olderThan: { years: 3 }, base, kinds, enter: '0.10', exit: '0.05' },
  });
  await manager.post('/v1/alert-rules', {
    name: 'Coverage of trade receivables',
    channels,
    definition: { type: 'coverage-shift', base, kinds, enter: '0.05', exit: '0.02' },
  });
  await manager.post('/v1/alert-rules', {
    name: 'Loss rates of trade receivables',
    channels,
    definition: { type: 'loss-rate-shift', base, kinds, enter: '0.03', exit: '0.02', materiality: '0.01' },
  });
}
