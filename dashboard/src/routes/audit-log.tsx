/** Not built yet. */
export function AuditLog() {
  return null;
}
