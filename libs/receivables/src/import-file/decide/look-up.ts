/**
 * Finds rows key by key: `FROM unnest(...) AS w(id) ${eachOf('SELECT ... WHERE tenant_id = $1 AND id = w.id')} r`. With `= ANY (...)` the planner
 * may read the whole tenant instead, as long as it does not know yet how much an import has just added; OFFSET 0 leaves it no choice.
 */
export function eachOf(select: string): string {
  return `CROSS JOIN LATERAL (${select} OFFSET 0)`;
}

/** The same, keeping keys that find nothing. */
export function eachOfOrNone(select: string): string {
  return `LEFT JOIN LATERAL (${select} OFFSET 0)`;
}
