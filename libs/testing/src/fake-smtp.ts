import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What the fake does with one message: `ok`, `drop` (takes all of it and closes without an answer), or the code of an SMTP reply. */
export type SmtpAnswer = 'ok' | 'drop' | { readonly code: number };

export interface ReceivedMail {
  readonly mail: ParsedMail;
  readonly to: readonly string[];
  readonly answered: SmtpAnswer;
}

/** A mail server on this machine. Answers come in the order given, then `ok` for ever. */
export interface FakeSmtp {
  readonly host: string;
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Mails it said `ok` to. */
  readonly accepted: readonly ReceivedMail[];
  answerNext(...answers: readonly SmtpAnswer[]): void;
  stop(): Promise<void>;
}

export async function startFakeSmtp(): Promise<FakeSmtp> {
  const received: ReceivedMail[] = [];
  const answers: SmtpAnswer[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      simpleParser(stream).then(
        (mail) => {
          const answered = answers.shift() ?? 'ok';
          received.push({ mail, to: session.envelope.rcptTo.map(({ address }) => address), answered });
          if (answered === 'drop') for (const socket of sockets) socket.destroy();
          else if (answered === 'ok') done();
          else done(Object.assign(new Error('refused by the test'), { responseCode: answered.code }));
        },
        (error: unknown) => {
          done(error as Error);
        },
      );
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: { destroy(): void; on(event: 'close', listener: () => void): void }) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    received,
    get accepted() {
      return received.filter(({ answered }) => answered === 'ok');
    },
    answerNext: (...next) => void answers.push(...next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
