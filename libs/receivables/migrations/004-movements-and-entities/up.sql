-- What came in on what had been written off and was not given back: a bounced payment undoes it before anything is owed again.
ALTER TABLE rc.receivable ADD COLUMN recovered bigint NOT NULL DEFAULT 0 CHECK (recovered >= 0);

-- The entities that receivables of the book name, and where each was first seen.
CREATE TABLE rc.book_entity (
  tenant_id int    NOT NULL,
  entity_id text   NOT NULL,
  position  bigint NOT NULL,
  PRIMARY KEY (tenant_id, entity_id)
);

-- The owner is under row security too, so it is lifted for this transaction, in which nobody else can see the tables.
ALTER TABLE rc.receivable NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rc.movement NO FORCE ROW LEVEL SECURITY;
UPDATE rc.receivable r
   SET recovered = m.recovered
  FROM (SELECT tenant_id, receivable_no, sum(recovered) AS recovered FROM rc.movement WHERE recovered <> 0 GROUP BY 1, 2) m
 WHERE m.tenant_id = r.tenant_id AND m.receivable_no = r.receivable_no;
INSERT INTO rc.book_entity (tenant_id, entity_id, position)
SELECT tenant_id, entity_id, min(position) FROM rc.receivable GROUP BY tenant_id, entity_id;
ALTER TABLE rc.movement FORCE ROW LEVEL SECURITY;
ALTER TABLE rc.receivable FORCE ROW LEVEL SECURITY;

CALL es.secure_table('rc.book_entity', 'SELECT,INSERT,DELETE');
