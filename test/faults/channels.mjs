// Channels on this machine that answer as a script says, know every message they took, and can kill who sends it.
import { createServer } from 'node:http';
import { SMTPServer } from 'smtp-server';

const BOT_TOKEN = 'xoxb-faults';
const BOT_CHANNEL = 'C0FAULTS';

/** What the channels remember: who was told what when, and how near two messages of one Slack channel came to each other. */
export class Receivers {
  /** Answers that come before `ok`. */
  script = [];
  /** Answers the next message itself, once. */
  next = null;
  /** Delivery id → messages a reader of the channel sees. */
  taken = new Map();
  /** Delivery id → requests. */
  requests = new Map();
  answers = {};
  #lastAt = new Map();
  smallestGapMs = Number.POSITIVE_INFINITY;

  /** Reads one message; says what to answer. `lose` has not taken it, `drop` and `hang` have. */
  read(deliveryId, slackChannel) {
    const at = performance.now();
    if (slackChannel !== undefined) {
      const before = this.#lastAt.get(slackChannel);
      if (before !== undefined) this.smallestGapMs = Math.min(this.smallestGapMs, at - before);
      this.#lastAt.set(slackChannel, at);
    }
    this.requests.set(deliveryId, (this.requests.get(deliveryId) ?? 0) + 1);
    const [next] = [this.next, (this.next = null)];
    const answer = next?.() ?? this.script.shift() ?? 'ok';
    const name = typeof answer === 'object' ? String(answer.status) : answer;
    this.answers[name] = (this.answers[name] ?? 0) + 1;
    if (answer === 'ok' || answer === 'drop' || answer === 'hang') this.taken.set(deliveryId, (this.taken.get(deliveryId) ?? 0) + 1);
    return answer;
  }
}

const bodyOf = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

function answerHttp(response, answer, ok) {
  if (answer === 'hang') return;
  if (answer === 'drop' || answer === 'lose') {
    response.socket?.destroy();
    return;
  }
  if (typeof answer === 'object') {
    response.statusCode = answer.status;
    if (answer.retryAfter !== undefined) response.setHeader('retry-after', answer.retryAfter);
  }
  response.end(typeof answer === 'object' ? 'no' : ok);
}

/** Slack: incoming webhooks under /hook/<n>, and the Web API of a bot under /api/. */
export async function startSlack(receivers) {
  const messages = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((raw) => {
      if (request.url.startsWith('/hook/')) {
        const deliveryId = /Arrears · ([0-9a-f-]{36})/.exec(raw)?.[1];
        answerHttp(response, receivers.read(deliveryId, request.url), 'ok');
        return;
      }
      response.setHeader('content-type', 'application/json');
      const method = request.url.replace('/api/', '');
      const body = Object.fromEntries(new URLSearchParams(raw));
      if (method === 'conversations.history') {
        response.end(JSON.stringify({ ok: true, messages: messages.filter((one) => one.channel === body.channel), has_more: false }));
        return;
      }
      const metadata = JSON.parse(body.metadata ?? '{}');
      const answer = receivers.read(metadata.event_payload?.deliveryId, body.channel);
      const ts = `${Math.floor(Date.now() / 1_000)}.${String(messages.length + 1).padStart(6, '0')}`;
      if (answer === 'ok' || answer === 'drop' || answer === 'hang')
        messages.push({ type: 'message', ts, metadata, channel: body.channel });
      answerHttp(response, answer, JSON.stringify({ ok: true, channel: body.channel, ts }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    webhook: (n) => ({ type: 'slack', name: `hook ${n}`, webhookUrl: `${origin}/hook/${n}` }),
    bot: (n) => ({ type: 'slack', name: `bot ${n}`, botToken: BOT_TOKEN, channel: `${BOT_CHANNEL}${n}`, apiUrl: `${origin}/api/` }),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function startMail(receivers) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      let raw = '';
      stream.on('data', (data) => (raw += String(data)));
      stream.on('end', () => {
        const deliveryId = /^X-Arrears-Delivery: (\S+)/im.exec(raw)?.[1];
        const answer = receivers.read(deliveryId);
        if (answer === 'hang') return;
        if (answer === 'drop' || answer === 'lose') sockets.get(`${session.remoteAddress}:${session.remotePort}`)?.destroy();
        else if (answer === 'ok') done();
        else done(Object.assign(new Error('not now'), { responseCode: 451 }));
      });
    },
  });
  const sockets = new Map();
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(name, socket);
    socket.on('close', () => sockets.delete(name));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address();
  return {
    mailbox: (n) => ({ type: 'email', name: `mail ${n}`, to: [`finance${n}@example.com`], smtp: { host: '127.0.0.1', port } }),
    stop: () => {
      for (const socket of sockets.values()) socket.destroy();
      server.close();
    },
  };
}
