/**
 * rc.movement carries what an unclassified settlement turned out to be; a reading from before that was known still sees it unclassified.
 * `FROM rc.movement m ${classifiedLater('$4')}` with `${TYPE_AT_POSITION} AS type`. $1 is the tenant, the parameter the position read at.
 */
export const TYPE_AT_POSITION = `CASE WHEN later.position IS NULL THEN m.type ELSE 'unclassified' END`;

export function classifiedLater(position: string): string {
  return `LEFT JOIN rc.movement_classification later
    ON later.tenant_id = $1 AND later.movement_id = m.movement_id AND later.position > ${position}`;
}
