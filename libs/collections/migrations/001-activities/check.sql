SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'cl');
