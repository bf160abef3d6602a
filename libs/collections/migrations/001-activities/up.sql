CREATE SCHEMA IF NOT EXISTS cl;
GRANT USAGE ON SCHEMA cl TO arrears_api, arrears_worker;
