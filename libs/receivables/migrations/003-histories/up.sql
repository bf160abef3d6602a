-- Take-on items stay out of new business, and sales are measured net of tax: both are needed receivable by receivable.
-- A credit-impaired debtor is a dated fact like its segment (IFRS 9 Appendix A).
ALTER TABLE rc.receivable ADD COLUMN taken_on date, ADD COLUMN tax_amount bigint;
ALTER TABLE rc.debtor_fact ADD COLUMN credit_impaired boolean NOT NULL DEFAULT false;

-- What a receivable is taken for from a day on, where that is no longer what it was recognised as.
CREATE TABLE rc.reclassification (
  tenant_id     int    NOT NULL,
  receivable_no bigint NOT NULL,
  position      bigint NOT NULL,
  effective_on  date   NOT NULL,
  movement_id   text   COLLATE "C" NOT NULL,
  entity_id     text   NOT NULL,
  kind          text   NOT NULL,
  class         text   NOT NULL,
  invoiced_on   date   NOT NULL,
  due_on        date,
  document_no   text   NOT NULL,
  PRIMARY KEY (tenant_id, receivable_no, position)
);
CREATE INDEX reclassification_position ON rc.reclassification (tenant_id, position);
CALL es.secure_table('rc.reclassification', 'SELECT,INSERT,DELETE');

-- Facts recorded before these columns existed are read from the log once. The owner is under row security too, so it is lifted for this
-- transaction, in which nobody else can see the tables.
ALTER TABLE rc.receivable NO FORCE ROW LEVEL SECURITY;
ALTER TABLE es.event NO FORCE ROW LEVEL SECURITY;
UPDATE rc.receivable r
   SET taken_on = (e.data->>'takenOn')::date, tax_amount = (e.data->>'taxAmount')::bigint
  FROM es.event e
 WHERE e.tenant_id = r.tenant_id AND e.position = r.position AND (e.data ? 'takenOn' OR e.data ? 'taxAmount');
ALTER TABLE es.event FORCE ROW LEVEL SECURITY;
ALTER TABLE rc.receivable FORCE ROW LEVEL SECURITY;
