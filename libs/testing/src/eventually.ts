/** Waits until `condition` holds; fails after the time with what was last seen. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
  what = 'the expected state',
): Promise<void> {
  for (const until = Date.now() + timeoutMs; ;) {
    if (await condition()) return;
    if (Date.now() > until) throw new Error(`${what} was not reached within ${String(timeoutMs)} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
