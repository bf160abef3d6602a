import { callApi } from './call-api';

const json = 'application/json';

/** `arrears keys issue <name> <role,...>` */
export async function issueKey([name = '', roles = '']: readonly string[]): Promise<number> {
  const registered = await callApi({
    method: 'POST',
    path: '/v1/principals',
    contentType: json,
    body: JSON.stringify({ name, roles: roles.split(',') }),
  });
  const { id } = JSON.parse(registered) as { id: string };
  const issued = await callApi({ method: 'POST', path: `/v1/principals/${id}/keys`, contentType: json, body: '{}' });
  const { id: keyId, key } = JSON.parse(issued) as { id: string; key: string };
  process.stdout.write(`principal ${id}\nkey id    ${keyId}\nkey       ${key}\n`);
  return 0;
}

/** `arrears keys revoke <principal> <key>` */
export async function revokeKey([principal = '', key = '']: readonly string[]): Promise<number> {
  await callApi({ method: 'DELETE', path: `/v1/principals/${encodeURIComponent(principal)}/keys/${encodeURIComponent(key)}` });
  process.stdout.write('The key is withdrawn.\n');
  return 0;
}
