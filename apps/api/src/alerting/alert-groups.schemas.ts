import { z } from 'zod';
import { localDateSchema } from '../http';
import { delivery } from './alerting.schemas';
import { alertGroupMember, groupDecision } from './notification.schemas';

export const alertGroup = z
  .object({
    id: z.string(),
    ruleId: z.string().describe('the rule that opened it: its policy counts'),
    asOf: localDateSchema,
    memberCount: z.int(),
    openCount: z.int(),
    members: z.array(alertGroupMember).describe('the gravest 100; GET /v1/alerts has them all'),
    decisions: z.array(groupDecision).describe('in order; every one with its reason'),
    deliveries: z.array(delivery),
  })
  .meta({ id: 'AlertGroup' });
