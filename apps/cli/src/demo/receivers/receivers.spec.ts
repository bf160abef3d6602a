import { createTransport } from 'nodemailer';
import { startSlackReceiver } from './slack-receiver';
import { startSmtpReceiver } from './smtp-receiver';

describe('the demo’s receivers', () => {
  it('keep the mails a real sender delivers, several on one connection, or the demo would claim alerts that never left', async () => {
    const receiver = await startSmtpReceiver();
    const transport = createTransport({ host: '127.0.0.1', port: receiver.port, secure: false, pool: true, maxConnections: 1 });
    try {
      for (const text of ['Coverage 52.97 % → 65.70 %.', '.leading dot\n\nsecond paragraph']) {
        await transport.sendMail({ from: 'a@example.com', to: ['b@example.com', 'c@example.com'], subject: 'Überfällig', text });
      }
      expect(receiver.mails).toEqual([
        { subject: 'Überfällig', text: 'Coverage 52.97 % → 65.70 %.' },
        { subject: 'Überfällig', text: '.leading dot\n\nsecond paragraph' },
      ]);
    } finally {
      transport.close();
      await receiver.stop();
    }
  });

  it('keep the texts of a Slack message in their order, with the answer Slack gives', async () => {
    const receiver = await startSlackReceiver();
    try {
      const blocks = [
        { type: 'header', text: { type: 'plain_text', text: 'Warning' } },
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', text: 'one' },
            { type: 'mrkdwn', text: 'two' },
          ],
        },
      ];
      const answers = [];
      for (const message of [{ text: 'fallback', blocks }, { text: 'plain' }, 'no message']) {
        answers.push(await (await fetch(receiver.webhookUrl, { method: 'POST', body: JSON.stringify(message) })).text());
      }
      expect(answers).toEqual(['ok', 'ok', 'ok']);
      expect(receiver.messages).toEqual(['Warning\none\ntwo', 'plain', '']);
    } finally {
      await receiver.stop();
    }
  });
});
