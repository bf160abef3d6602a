import { setTimeout as delay } from 'node:timers/promises';

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

const POLL_INTERVAL_MS = 100;
const POLL_LIMIT_MS = 180_000;

/** The HTTP API as one principal uses it. Every answer outside 2xx is thrown with its code and detail. */
export class ArrearsApi {
  constructor(
    readonly baseUrl: string,
    private readonly key: string,
  ) {}

  as(key: string): ArrearsApi {
    return new ArrearsApi(this.baseUrl, key);
  }

  get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    const search = new URLSearchParams(query).toString();
    return this.call<T>('GET', search === '' ? path : `${path}?${search}`);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.call<T>('POST', path, JSON.stringify(body), 'application/json');
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PUT', path, JSON.stringify(body), 'application/json');
  }

  postCsv<T>(path: string, csv: string): Promise<T> {
    return this.call<T>('POST', path, csv, 'text/csv');
  }

  /** The text of an answer that is no JSON. */
  async getText(path: string): Promise<string> {
    const response = await fetch(this.baseUrl + path, { headers: { authorization: `Bearer ${this.key}` } });
    return response.text();
  }

  /** Asks again until `status` is completed; throws when it is failed. */
  async untilCompleted<T extends { readonly status: string }>(path: string): Promise<T> {
    return this.until<T>(path, (answer) => {
      if (answer.status === 'failed') throw new Error(`${path} failed: ${JSON.stringify(answer)}`);
      return answer.status === 'completed';
    });
  }

  /** Asks again until the answer is as wanted. */
  async until<T>(path: string, isReached: (answer: T) => boolean): Promise<T> {
    const givenUpAt = Date.now() + POLL_LIMIT_MS;
    while (Date.now() < givenUpAt) {
      const answer = await this.get<T>(path);
      if (isReached(answer)) return answer;
      await delay(POLL_INTERVAL_MS);
    }
    throw new Error(`${path} was not ready within ${String(POLL_LIMIT_MS / 1000)} s`);
  }

  private async call<T>(method: string, path: string, body?: string, contentType?: string): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.key}` };
    if (contentType !== undefined) headers['content-type'] = contentType;
    const response = await fetch(this.baseUrl + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
