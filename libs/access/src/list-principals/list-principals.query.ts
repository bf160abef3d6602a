import { Query } from '@nestjs/cqrs';
import type { Principal } from '../principal';

/** A principal with its name; null once the name was erased. */
export type NamedPrincipal = Omit<Principal, 'personal'> & { readonly name: string | null };

/** Every principal of the tenant in order of registration, as of the latest settled position. */
export class ListPrincipalsQuery extends Query<readonly NamedPrincipal[]> {
  constructor(readonly tenantId: number) {
    super();
  }
}

/** One principal, or null. */
export class GetPrincipalQuery extends Query<NamedPrincipal | null> {
  constructor(
    readonly tenantId: number,
    readonly principalId: string,
  ) {
    super();
  }
}
