-- The latest slot of every schedule that was handed to a job, per tenant. A minute or an hour is in UTC, a day in the tenant's zone;
-- within one schedule the texts sort by time.
CREATE TABLE pf.schedule (
  tenant_id int NOT NULL,
  name      text COLLATE "C" NOT NULL,
  slot      text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, name)
) WITH (fillfactor = 70);
CALL es.secure_table('pf.schedule', 'SELECT, INSERT, UPDATE');

-- The zone a tenant's days begin in, where it differs from the installation's; a copy of the tenant's settings.
CREATE TABLE pf.tenant_zone (
  tenant_id int PRIMARY KEY,
  time_zone text NOT NULL
);
CALL es.secure_table('pf.tenant_zone', 'SELECT, INSERT, UPDATE, DELETE');
