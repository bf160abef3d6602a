/**
 * The statements of the exposure projection. A balance moves on its business date, in the pool its
 * line is in on that date; where the line changes pool later, one pair of entries carries the balance over.
 */

/**
 * A claim without a due date (payable on demand, or not billed yet) is never past due: it is put on the last day the calendar here
 * knows, so that every ageing by due date has it in its first bucket.
 */
const DUE = `COALESCE(r.due_on, DATE '2199-12-31') AS due_on`;

/** What a step leaves as entries: in at its own date or where a stretch begins, out where the stretch ends. */
const inAndOut = (step: string, from: string, to: string): string => `
    SELECT ${from} AS effective_on, ${step} AS amount
    UNION ALL
    SELECT ${to}, -(${step}) WHERE ${to} < 'infinity'`;

/** Whether a receivable was reclassified as far as is known at a position. */
const reclassified = (receivableNo: string, known: string): string =>
  `EXISTS (SELECT 1 FROM rc.reclassification x WHERE x.tenant_id = $1 AND x.receivable_no = ${receivableNo} AND x.position ${known})`;

/** Recognitions and movements of a range of positions as signed steps of a receivable's balance. */
const stepsOfRange = (condition = ''): string => `
  SELECT r.position, r.receivable_no, r.debtor_no, r.entity_id, r.kind, r.class, r.currency, r.recognised_on, r.invoiced_on, ${DUE},
         r.recognised_on AS effective_on, r.amount
  FROM rc.receivable r
  WHERE r.tenant_id = $1 AND r.position > $2 AND r.position <= $3 AND r.amount <> 0 ${condition}
  UNION ALL
  SELECT m.position, r.receivable_no, r.debtor_no, r.entity_id, r.kind, r.class, r.currency, r.recognised_on, r.invoiced_on, ${DUE},
         m.effective_on, m.gross
  FROM rc.movement m
  JOIN rc.receivable r ON r.tenant_id = m.tenant_id AND r.receivable_no = m.receivable_no
  WHERE m.tenant_id = $1 AND m.position > $2 AND m.position <= $3 AND m.gross <> 0 ${condition}`;

const insertEntriesOf = (steps: string): string => `
  WITH frontier AS (SELECT max(as_of) AS as_of FROM rc.exposure_checkpoint WHERE tenant_id = $1),
  step AS (${steps}),
  placed AS (
    SELECT s.position, s.receivable_no, s.debtor_no, s.currency, s.recognised_on, s.invoiced_on, s.due_on, s.effective_on, s.amount,
           i.from_on, i.to_on, i.pool_id
    FROM step s
    JOIN rc.line l ON l.tenant_id = $1 AND l.debtor_no = s.debtor_no AND l.entity_id = s.entity_id AND l.kind = s.kind AND l.class = s.class
    JOIN rc.line_interval i ON i.tenant_id = $1 AND i.line_no = l.line_no AND i.to_on > s.effective_on
  )
  INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
  SELECT $1, p.position, p.receivable_no, p.debtor_no, e.amount, p.pool_id, e.effective_on, p.recognised_on, p.invoiced_on, p.due_on, p.currency,
         COALESCE(e.effective_on <= (SELECT as_of FROM frontier), false)
  FROM placed p
  CROSS JOIN LATERAL (${inAndOut('p.amount', 'greatest(p.from_on, p.effective_on)', 'p.to_on')}) e`;

/**
 * $1 tenant, $2 after, $3 up to. A step enters the pool in force on its date, and every later change of
 * pool known by now carries it over: leaving the old pool and entering the new one on the day of change.
 */
export const INSERT_ENTRIES_OF_RANGE = insertEntriesOf(stepsOfRange());

/** The same in a book with reclassifications, for the receivables that have none by $3. */
export const INSERT_ENTRIES_OF_UNRECLASSIFIED = insertEntriesOf(stepsOfRange(`AND NOT ${reclassified('r.receivable_no', '<= $3')}`));

/** $1 tenant, $2 up to: whether any receivable was reclassified. */
export const SELECT_HAS_RECLASSIFICATIONS = `
  SELECT EXISTS (SELECT 1 FROM rc.reclassification WHERE tenant_id = $1 AND position <= $2) AS reclassified`;

/**
 * What one receivable is taken for over time, as known at a position: stretches with entity, kind, class and the dates that change with them.
 * Looked up receivable by receivable (OFFSET 0), as joins of whole sets are misjudged by the planner while an import runs.
 */
const segmentsOf = (receivableNo: string, known: string): string => `
    SELECT s.*, lead(s.from_on, 1, 'infinity'::date) OVER (ORDER BY s.from_on) AS to_on
    FROM (
      SELECT '-infinity'::date AS from_on, r.entity_id, r.kind, r.class, r.invoiced_on, ${DUE}
      FROM rc.receivable r WHERE r.tenant_id = $1 AND r.receivable_no = ${receivableNo}
      UNION ALL
      (SELECT DISTINCT ON (r.effective_on) r.effective_on, r.entity_id, r.kind, r.class, r.invoiced_on, ${DUE}
       FROM rc.reclassification r WHERE r.tenant_id = $1 AND r.receivable_no = ${receivableNo} AND r.position <= ${known}
       ORDER BY r.effective_on, r.position DESC)
    ) s
    OFFSET 0`;

/**
 * $1 tenant, $2 after, $3 up to, a range in which no debtor changes pool. Entries of the receivables that were reclassified by $3: a step
 * recorded in the range goes where the receivable was on each date as known then, and a reclassification recorded in the range moves all
 * steps recorded before it: the difference between where they were by what was known before and where they are now, at its position.
 */
export const INSERT_ENTRIES_OF_RECLASSIFIED = `
  WITH frontier AS (SELECT max(as_of) AS as_of FROM rc.exposure_checkpoint WHERE tenant_id = $1),
  placement AS (
    SELECT r.receivable_no, r.position, r.position AS known, r.recognised_on AS effective_on, r.amount
    FROM rc.receivable r
    WHERE r.tenant_id = $1 AND r.position > $2 AND r.position <= $3 AND r.amount <> 0 AND ${reclassified('r.receivable_no', '<= $3')}
    UNION ALL
    SELECT m.receivable_no, m.position, m.position, m.effective_on, m.gross
    FROM rc.movement m
    WHERE m.tenant_id = $1 AND m.position > $2 AND m.position <= $3 AND m.gross <> 0 AND ${reclassified('m.receivable_no', '<= $3')}
    UNION ALL
    SELECT c.receivable_no, c.position, side.known, h.effective_on, side.sign * h.amount
    FROM rc.reclassification c
    CROSS JOIN LATERAL (VALUES (1, c.position), (-1, c.position - 1)) AS side(sign, known)
    CROSS JOIN LATERAL (
      SELECT r.recognised_on AS effective_on, r.amount FROM rc.receivable r
      WHERE r.tenant_id = $1 AND r.receivable_no = c.receivable_no AND r.amount <> 0
      UNION ALL
      SELECT m.effective_on, m.gross FROM rc.movement m
      WHERE m.tenant_id = $1 AND m.receivable_no = c.receivable_no AND m.position < c.position AND m.gross <> 0
      OFFSET 0
    ) h
    WHERE c.tenant_id = $1 AND c.position > $2 AND c.position <= $3
  ),
  contribution AS (
    SELECT p.position, p.receivable_no, r.debtor_no, r.currency, r.recognised_on, g.invoiced_on, g.due_on, i.pool_id, e.effective_on, e.amount
    FROM placement p
    CROSS JOIN LATERAL (
      SELECT debtor_no, currency, recognised_on FROM rc.receivable WHERE tenant_id = $1 AND receivable_no = p.receivable_no OFFSET 0
    ) r
    CROSS JOIN LATERAL (${segmentsOf('p.receivable_no', 'p.known')}) g
    CROSS JOIN LATERAL (
      SELECT i.from_on, i.to_on, i.pool_id
      FROM rc.line l JOIN rc.line_interval i ON i.tenant_id = $1 AND i.line_no = l.line_no
      WHERE l.tenant_id = $1 AND l.debtor_no = r.debtor_no AND l.entity_id = g.entity_id AND l.kind = g.kind AND l.class = g.class
        AND g.to_on > p.effective_on AND i.to_on > greatest(g.from_on, p.effective_on) AND i.from_on < g.to_on
      OFFSET 0
    ) i
    CROSS JOIN LATERAL (${inAndOut('p.amount', 'greatest(i.from_on, g.from_on, p.effective_on)', 'least(i.to_on, g.to_on)')}) e
  )
  INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
  SELECT $1, position, receivable_no, debtor_no, sum(amount), pool_id, effective_on, recognised_on, invoiced_on, due_on, currency,
         COALESCE(effective_on <= (SELECT as_of FROM frontier), false)
  FROM contribution
  GROUP BY position, receivable_no, debtor_no, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency
  HAVING sum(amount) <> 0`;

/** $1 tenant, $2 after, $3 up to: lines seen for the first time, at a recognition or because a receivable became part of one. */
export const INSERT_NEW_LINES = `
  INSERT INTO rc.line (tenant_id, debtor_no, entity_id, kind, class)
  SELECT DISTINCT $1::int, n.debtor_no, n.entity_id, n.kind, n.class
  FROM (
    SELECT r.debtor_no, r.entity_id, r.kind, r.class
    FROM rc.receivable r
    WHERE r.tenant_id = $1 AND r.position > $2 AND r.position <= $3
    UNION ALL
    SELECT r.debtor_no, x.entity_id, x.kind, x.class
    FROM rc.reclassification x JOIN rc.receivable r ON r.tenant_id = x.tenant_id AND r.receivable_no = x.receivable_no
    WHERE x.tenant_id = $1 AND x.position > $2 AND x.position <= $3
  ) n
  WHERE NOT EXISTS (SELECT 1 FROM rc.line l WHERE l.tenant_id = $1 AND l.debtor_no = n.debtor_no
                      AND l.entity_id = n.entity_id AND l.kind = n.kind AND l.class = n.class)
  RETURNING line_no, debtor_no, entity_id, kind, class`;

/** $1 tenant, $2 after, $3 up to, $4 entities of new lines: those the book names for the first time, and where. */
export const INSERT_NEW_ENTITIES = `
  INSERT INTO rc.book_entity (tenant_id, entity_id, position)
  SELECT $1, n.entity_id, f.position
  FROM (SELECT unnest($4::text[]) EXCEPT SELECT entity_id FROM rc.book_entity WHERE tenant_id = $1) n(entity_id)
  CROSS JOIN LATERAL (
    SELECT min(position) AS position
    FROM (
      SELECT position FROM rc.receivable WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND entity_id = n.entity_id
      UNION ALL
      SELECT position FROM rc.reclassification WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND entity_id = n.entity_id
    ) seen
  ) f`;

const insertDifferenceOfLines = (items: string): string => `
  WITH frontier AS (SELECT max(as_of) AS as_of FROM rc.exposure_checkpoint WHERE tenant_id = $1),
  new_interval AS (
    SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::date[], $5::date[], $6::int[]) AS n(line_no, position, from_on, to_on, pool_id)
  ),
  changed AS (SELECT DISTINCT line_no, position FROM new_interval),
  ${items},
  step AS (
    SELECT item.*, item.recognised_on AS effective_on, item.amount AS change FROM item
    UNION ALL
    SELECT item.*, m.effective_on, m.gross
    FROM item JOIN rc.movement m ON m.tenant_id = $1 AND m.receivable_no = item.receivable_no AND m.position < item.changed_at
  ),
  interval_change AS (
    SELECT line_no, from_on, to_on, pool_id, 1 AS sign FROM new_interval
    UNION ALL
    SELECT i.line_no, i.from_on, i.to_on, i.pool_id, -1 FROM rc.line_interval i JOIN changed c ON c.line_no = i.line_no WHERE i.tenant_id = $1
  ),
  contribution AS (
    SELECT s.changed_at, s.receivable_no, s.debtor_no, s.currency, s.recognised_on, s.invoiced_on, s.due_on, c.pool_id, e.effective_on, e.amount
    FROM step s
    JOIN interval_change c ON c.line_no = s.line_no AND c.to_on > greatest(s.part_from, s.effective_on) AND c.from_on < s.part_to
                          AND s.part_to > s.effective_on
    CROSS JOIN LATERAL (${inAndOut('c.sign * s.change', 'greatest(c.from_on, s.part_from, s.effective_on)', 'least(c.to_on, s.part_to)')}) e
  )
  INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
  SELECT $1, changed_at, receivable_no, debtor_no, sum(amount), pool_id, effective_on, recognised_on, invoiced_on, due_on, currency,
         COALESCE(effective_on <= (SELECT as_of FROM frontier), false)
  FROM contribution
  GROUP BY changed_at, receivable_no, debtor_no, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency
  HAVING sum(amount) <> 0`;

/** Receivables that belong to a changed line for all time. */
const itemsOfLines = (condition = ''): string => `
    SELECT c.line_no, c.position AS changed_at, r.receivable_no, r.debtor_no, r.currency, r.recognised_on, r.invoiced_on, ${DUE}, r.amount,
           '-infinity'::date AS part_from, 'infinity'::date AS part_to
    FROM changed c
    JOIN rc.line l ON l.tenant_id = $1 AND l.line_no = c.line_no
    JOIN rc.receivable r ON r.tenant_id = $1 AND r.debtor_no = l.debtor_no AND r.entity_id = l.entity_id AND r.kind = l.kind AND r.class = l.class
                        AND r.position < c.position ${condition}`;

/**
 * $1 tenant; $2..$6 the new intervals of the changed lines as arrays: line, position of the change, from, to, pool.
 * Writes the difference between where the balances of these lines were and where they are now, at the position of the change.
 */
export const INSERT_DIFFERENCE_OF_LINES = insertDifferenceOfLines(`item AS (${itemsOfLines()})`);

/** The same in a book with reclassifications: a receivable is part of a line for as long as it was taken for it, as known at the change. */
export const INSERT_DIFFERENCE_OF_LINES_AND_PARTS = insertDifferenceOfLines(`
  item AS (
    ${itemsOfLines(`AND NOT ${reclassified('r.receivable_no', '< c.position')}`)}
    UNION ALL
    SELECT q.line_no, q.position, q.receivable_no, q.debtor_no, q.currency, q.recognised_on, g.invoiced_on, g.due_on, q.amount, g.from_on, g.to_on
    FROM (
      SELECT c.line_no, c.position, r.receivable_no, r.debtor_no, r.currency, r.recognised_on, r.amount, l.entity_id, l.kind, l.class
      FROM changed c
      JOIN rc.line l ON l.tenant_id = $1 AND l.line_no = c.line_no
      JOIN rc.receivable r ON r.tenant_id = $1 AND r.debtor_no = l.debtor_no AND r.position < c.position
      WHERE ${reclassified('r.receivable_no', '< c.position')}
      OFFSET 0
    ) q
    CROSS JOIN LATERAL (${segmentsOf('q.receivable_no', 'q.position')}) g
    WHERE g.entity_id = q.entity_id AND g.kind = q.kind AND g.class = q.class
  )`);

/** $1 tenant, $2 after, $3 up to: currencies seen for the first time. */
export const INSERT_NEW_CURRENCIES = `
  INSERT INTO rc.book_currency (tenant_id, currency, position)
  SELECT tenant_id, currency, min(position) FROM rc.receivable
  WHERE tenant_id = $1 AND position > $2 AND position <= $3
  GROUP BY tenant_id, currency
  ON CONFLICT (tenant_id, currency) DO NOTHING`;

/** $1 tenant, $2 after, $3 up to: changes of unapplied credit. */
export const INSERT_CREDITS_OF_RANGE = `
  INSERT INTO rc.credit_entry (tenant_id, position, debtor_no, entity_id, currency, effective_on, amount)
  SELECT tenant_id, position, debtor_no, entity_id, currency, effective_on, credit FROM rc.movement
  WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND credit <> 0`;

/** $1 tenant, $2 entries written. */
export const COUNT_ENTRIES = `
  INSERT INTO rc.exposure_state AS s (tenant_id, entries) VALUES ($1, $2)
  ON CONFLICT (tenant_id) DO UPDATE SET entries = s.entries + EXCLUDED.entries
  RETURNING entries - entries_at_checkpoint AS uncovered`;

/** $1 tenant; $2..$5 as arrays: line, from, to, pool. */
export const INSERT_INTERVALS = `
  INSERT INTO rc.line_interval (tenant_id, line_no, from_on, to_on, pool_id)
  SELECT $1, n.line_no, n.from_on, n.to_on, n.pool_id
  FROM unnest($2::bigint[], $3::date[], $4::date[], $5::int[]) AS n(line_no, from_on, to_on, pool_id)`;

/** $1 tenant, $2 after, $3 up to: amendments of debtors already on the books. A first fact changes nothing. */
export const SELECT_DEBTOR_AMENDMENTS = `
  SELECT f.position, f.debtor_no
  FROM rc.debtor_fact f
  WHERE f.tenant_id = $1 AND f.position > $2 AND f.position <= $3
    AND EXISTS (SELECT 1 FROM rc.debtor_fact earlier WHERE earlier.tenant_id = $1 AND earlier.debtor_no = f.debtor_no AND earlier.position < f.position)
  ORDER BY f.position`;
