import { Injectable } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { PersonalDataVault } from '@app/platform';
import { AccessLog } from '../access-log';
import { personOf, type Principal } from '../principal';
import { GetPrincipalQuery, ListPrincipalsQuery, type NamedPrincipal } from './list-principals.query';

@Injectable()
export class PrincipalNames {
  constructor(private readonly vault: PersonalDataVault) {}

  async named(tx: Tx, tenantId: number, principal: Principal): Promise<NamedPrincipal> {
    const { personal, ...rest } = principal;
    const fields = await this.vault.decrypt(tx, tenantId, personOf(principal.id), personal);
    const name = fields?.['name'];
    return { ...rest, name: typeof name === 'string' ? name : null };
  }
}

@QueryHandler(ListPrincipalsQuery)
export class ListPrincipalsHandler implements IQueryHandler<ListPrincipalsQuery> {
  constructor(
    private readonly log: AccessLog,
    private readonly names: PrincipalNames,
  ) {}

  async execute({ tenantId }: ListPrincipalsQuery): Promise<readonly NamedPrincipal[]> {
    return this.log.database.read(tenantId, async (tx) => {
      const principals = await this.log.principals(tx, await this.log.settledPosition(tx));
      const named: NamedPrincipal[] = [];
      for (const principal of principals) named.push(await this.names.named(tx, tenantId, principal));
      return named;
    });
  }
}

@QueryHandler(GetPrincipalQuery)
export class GetPrincipalHandler implements IQueryHandler<GetPrincipalQuery> {
  constructor(
    private readonly log: AccessLog,
    private readonly names: PrincipalNames,
  ) {}

  async execute({ tenantId, principalId }: GetPrincipalQuery): Promise<NamedPrincipal | null> {
    return this.log.database.read(tenantId, async (tx) => {
      const principal = await this.log.principal(tx, principalId, await this.log.settledPosition(tx));
      return principal === null ? null : this.names.named(tx, tenantId, principal);
    });
  }
}
