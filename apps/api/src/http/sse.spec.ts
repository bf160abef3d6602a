import { formatEvent } from './sse';

describe('a server-sent event', () => {
  it('carries its id, so that a broken connection resumes where it was', () => {
    expect(formatEvent({ id: '17', event: 'progress', data: { accepted: 3 } })).toBe('id: 17\nevent: progress\ndata: {"accepted":3}\n\n');
  });

  it('cannot be forged by line breaks in what it carries', () => {
    expect(formatEvent({ id: '1\ndata: x', data: 'a\nevent: y' })).toBe('id: 1 data: x\ndata: a\ndata: event: y\n\n');
  });
});
