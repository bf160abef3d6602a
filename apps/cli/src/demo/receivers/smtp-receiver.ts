import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Mail } from './mail-text';
import { readMail } from './mail-text';

export interface SmtpReceiver {
  readonly port: number;
  readonly mails: readonly Mail[];
  stop(): Promise<void>;
}

/** A local mail server that accepts everything and keeps it: as much of RFC 5321 as a sending client needs. */
export async function startSmtpReceiver(): Promise<SmtpReceiver> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, (source) => mails.push(readMail(source)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function converse(socket: Socket, received: (source: string) => void): void {
  const say = (line: string): void => {
    socket.write(`${line}\r\n`);
  };
  let buffer = '';
  let inData = false;
  let data: string[] = [];
  const takeData = (line: string): void => {
    if (line !== '.') {
      data.push(line.startsWith('.') ? line.slice(1) : line);
      return;
    }
    inData = false;
    received(data.join('\r\n'));
    data = [];
    say('250 2.0.0 accepted');
  };
  const takeCommand = (line: string): void => {
    const command = line.slice(0, 4).toUpperCase();
    if (command === 'EHLO' || command === 'HELO') say('250 localhost');
    else if (command === 'DATA') {
      inData = true;
      say('354 go ahead');
    } else if (command === 'QUIT') socket.end('221 2.0.0 bye\r\n');
    else if (['MAIL', 'RCPT', 'RSET', 'NOOP'].includes(command)) say('250 2.0.0 ok');
    else say('502 5.5.1 not implemented');
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    buffer += chunk;
    for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (inData) takeData(line);
      else takeCommand(line);
    }
  });
  say('220 localhost ESMTP demo');
}
