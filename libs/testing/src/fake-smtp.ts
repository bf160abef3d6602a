import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What the fake does with one message: `ok`; `drop` and `hang` take all of it and close or never answer; or the code of an SMTP reply. */
export type SmtpAnswer = 'ok' | 'drop' | 'hang' | { readonly code: number };

export interface ReceivedMail {
  readonly mail: ParsedMail;
  /** As it came over the wire. */
  readonly raw: string;
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
  /** Connections made so far. */
  readonly connections: number;
  answerNext(...answers: readonly SmtpAnswer[]): void;
  stop(): Promise<void>;
}

export async function startFakeSmtp(): Promise<FakeSmtp> {
  const received: ReceivedMail[] = [];
  const answers: SmtpAnswer[] = [];
  let connections = 0;
  const sockets = new Set<{ destroy(): void }>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      parse(stream).then(
        ({ mail, raw }) => {
          const answered = answers.shift() ?? 'ok';
          received.push({ mail, raw, to: session.envelope.rcptTo.map(({ address }) => address), answered });
          if (answered === 'drop') for (const socket of sockets) socket.destroy();
          else if (answered === 'ok') done();
          else if (answered !== 'hang') done(Object.assign(new Error('refused by the test'), { responseCode: answered.code }));
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
    connections += 1;
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
    get connections() {
      return connections;
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

async function parse(stream: AsyncIterable<Buffer>): Promise<{ mail: ParsedMail; raw: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  return { mail: await simpleParser(raw), raw: raw.toString('utf8') };
}
