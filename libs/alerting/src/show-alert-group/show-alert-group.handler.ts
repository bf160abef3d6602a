import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { AlertingLog } from '../alerting-log';
import { EpisodeSession } from '../episodes/episode-session';
import { headFirst } from '../notify/group-message';
import { deliveriesOf, deliveryIdsOf, foldGroupDecisions } from './group-decisions';
import { GetAlertGroupQuery, type ShownAlertGroup } from './show-alert-group.query';

/** A page of a group's alerts; the list of alerts has them all. */
const MEMBERS_SHOWN_MAX = 100;

@QueryHandler(GetAlertGroupQuery)
export class GetAlertGroupHandler implements IQueryHandler<GetAlertGroupQuery> {
  constructor(private readonly log: AlertingLog) {}

  async execute({ tenantId, groupId }: GetAlertGroupQuery): Promise<ShownAlertGroup | null> {
    return this.log.database.read(tenantId, async (tx) => {
      const session = new EpisodeSession(tenantId);
      const [group] = await session.readGroups(tx, { ids: [groupId] });
      if (group === undefined) return null;
      const position = await this.log.settledPosition(tx);
      const decisions = foldGroupDecisions(await this.log.groupDecisions(tx, groupId, position));
      const members = session.members(groupId);
      return {
        groupId,
        ruleId: group.ruleId,
        asOf: group.asOf,
        members: headFirst(members, group.ruleId).slice(0, MEMBERS_SHOWN_MAX),
        memberCount: members.length,
        openCount: members.filter(({ state }) => state.isOpen).length,
        decisions,
        deliveries: await deliveriesOf(this.log, tx, deliveryIdsOf(decisions), position),
      };
    });
  }
}
