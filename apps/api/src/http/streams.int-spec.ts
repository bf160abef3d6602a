import { request as httpRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { ADMIN_KEY, startTestApi, type TestApi } from '../test-api.fixture';
import { type EdgeReply, type EdgeRequest, type EventStream, openEventStream, Permit, Returns, Streams } from './index';
import { STREAM_BODY_BYTES_MAX } from './limits';

const opened: EventStream[] = [];
const failures: unknown[] = [];

@Controller('v1/streams')
class StreamsController {
  @Get('events')
  @Permit('viewer')
  @Returns({ summary: 'Follow', contentType: 'text/event-stream' })
  follow(@Req() request: EdgeRequest, @Res() reply: EdgeReply): void {
    const stream = openEventStream(request, reply);
    opened.push(stream);
    stream.send({ id: '7', event: 'progress', data: { after: stream.lastEventId ?? null } });
  }

  @Post('file')
  @Permit('viewer')
  @Streams('text/csv')
  @Returns({ status: 202, summary: 'Take a file', body: z.object({ bytes: z.int() }) })
  async take(@Body() body: Readable): Promise<{ bytes: number }> {
    let bytes = 0;
    try {
      for await (const chunk of body) bytes += Buffer.from(chunk).length;
    } catch (error) {
      failures.push(error);
      throw error;
    }
    return { bytes };
  }
}

describe('streams', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ controllers: [StreamsController] });
  });
  afterAll(() => api.stop());

  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const until = async (what: () => boolean): Promise<void> => {
    for (let waited = 0; !what(); waited += 10) {
      if (waited > 5_000) throw new Error('It did not happen.');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  /** An upload that can be stopped half-way. */
  const upload = (length: number): { write: (text: string) => void; breakOff: () => void; status: Promise<number> } => {
    const { hostname, port } = new URL(api.baseUrl);
    const outgoing = httpRequest({
      hostname,
      port,
      path: '/v1/streams/file',
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv', 'content-length': length },
    });
    const status = new Promise<number>((resolve, reject) => {
      outgoing.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      outgoing.on('error', reject);
    });
    outgoing.flushHeaders();
    return { write: (text) => void outgoing.write(text), breakOff: () => void outgoing.destroy(), status };
  };

  it('a file larger than any JSON body passes without being held in memory', async () => {
    const { status, body } = await api.call('POST', '/v1/streams/file', {
      body: Buffer.alloc(5 * 1024 * 1024, 'a'),
      headers: { 'content-type': 'text/csv' },
    });
    expect([status, body]).toEqual([202, { bytes: 5 * 1024 * 1024 }]);
  });

  it('a file beyond the limit is refused before it is sent', async () => {
    const { status, breakOff } = upload(STREAM_BODY_BYTES_MAX + 1);
    expect(await status).toBe(413);
    breakOff();
  });

  it('an upload that breaks off fails, or half a file counts as the whole', async () => {
    const { write, breakOff, status } = upload(1000);
    write('a,b\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    breakOff();
    await expect(status).rejects.toThrow();
    await until(() => failures.length > 0);
    expect(failures[0]).toBeInstanceOf(Error);
  });

  it('an event stream resumes where the client was, ends when it leaves, and frees the server when that stops', async () => {
    const leaving = new AbortController();
    const first = await fetch(`${api.baseUrl}/v1/streams/events`, {
      headers: { ...headers, 'last-event-id': '6' },
      signal: leaving.signal,
    });
    expect([first.status, first.headers.get('content-type'), first.headers.get('x-content-type-options')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'nosniff',
    ]);
    const reader = first.body?.getReader();
    let text = '';
    while (!text.includes('data:')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(text).toContain('id: 7\nevent: progress\ndata: {"after":"6"}\n\n');
    leaving.abort();
    await until(() => opened[0]?.signal.aborted === true);

    const second = await fetch(`${api.baseUrl}/v1/streams/events`, { headers });
    await until(() => opened.length === 2);
    const closing = api.close();
    await expect(second.text()).resolves.toContain('data:');
    await closing;
    expect(opened[1]?.signal.aborted).toBe(true);
  });
});
