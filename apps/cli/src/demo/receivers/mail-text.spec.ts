import { createTransport } from 'nodemailer';
import { readMail } from './mail-text';

async function composed(subject: string, text: string, html?: string): Promise<string> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    from: 'a@example.com',
    to: 'b@example.com',
    subject,
    text,
    ...(html === undefined ? {} : { html }),
  });
  return (message as Buffer).toString('utf8');
}

describe('readMail', () => {
  it.each<[string, string, string]>([
    ['plain', 'Coverage moved', 'Coverage moved from 52.97 % to 65.70 %.'],
    [
      'not ASCII',
      'Warning: Überfällig 19.48 % → 54.79 % of a rather long subject that has to be folded somewhere',
      'Share: 19.48 % → 54.79 % = more\n\nsecond paragraph',
    ],
    ['long lines', 'x', `${'word '.repeat(60)}→ end`],
    ['mostly not ASCII', '预期信用损失', '预期信用损失从一个百分比变成了另一个百分比'],
    ['leading dots', 'x', '.\n..\nend'],
  ])('shows %s mail as it was sent, or the demo would show something nobody said', async (_case, subject, text) => {
    expect(readMail(await composed(subject, text))).toEqual({ subject, text });
    expect(readMail(await composed(subject, text, `<p>${text}</p>`))).toEqual({ subject, text });
  });

  it('shows a message without headers or parts as it is', () => {
    expect(readMail('Subject: x')).toEqual({ subject: 'x', text: '' });
    expect(readMail('\r\n\r\nbody\r\n')).toEqual({ subject: '', text: 'body' });
  });
});
