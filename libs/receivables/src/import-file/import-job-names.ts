export const IMPORT_JOB_KIND = 'import';
/** One intent a tenant: imports run one at a time, in the order in which they were accepted. */
export const IMPORT_JOB_KEY = 'book';
