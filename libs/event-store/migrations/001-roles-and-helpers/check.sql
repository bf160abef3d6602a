-- Neither role may bypass row security or own the cluster.
SELECT rolname FROM pg_roles WHERE rolname IN ('arrears_api', 'arrears_worker') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb);
