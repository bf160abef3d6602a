/** What a principal may do. No role implies another; the administrator of a new tenant simply holds them all. */
export const ROLES = ['viewer', 'auditor', 'controller', 'manager', 'approver', 'admin', 'ingest'] as const;
export type Role = (typeof ROLES)[number];

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}
