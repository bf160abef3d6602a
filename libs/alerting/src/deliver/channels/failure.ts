/** A property of something that was thrown. By shape, not by class: fetch and the mail client may throw errors of another realm. */
export function propertyOf(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

/** What a failure is called in an outcome: its code, that of its cause, or `timeout`. Never its message, which may quote a secret. */
export function failureCode(thrown: unknown): string {
  for (const holder of [propertyOf(thrown, 'cause'), thrown]) {
    const code = propertyOf(holder, 'code');
    if (typeof code === 'string') return code.toLowerCase();
  }
  const name = propertyOf(thrown, 'name');
  return name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : 'failure';
}
