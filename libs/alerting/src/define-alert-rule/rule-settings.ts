import type { NotificationPolicy, RuleDefinition, RuleSettings } from '@app/credit-domain';
import { FOR_PERIODS_DEFAULT, isSignal, RECOVER_PERIODS_DEFAULT, WORSEN_BY_DEFAULT } from '@app/credit-domain';
import type { z } from 'zod';
import type { alertRuleDefinedData, notificationPolicyFields } from '../events';

/** The settings of a rule, with the defaults of its type: one quiet close is no recovery, one quiet day of a signal is. */
export function settingsOf(content: Partial<RuleSettings> & { readonly definition: RuleDefinition }): RuleSettings {
  return {
    forPeriods: content.forPeriods ?? FOR_PERIODS_DEFAULT,
    recoverPeriods: content.recoverPeriods ?? (isSignal(content.definition) ? 1 : RECOVER_PERIODS_DEFAULT),
    noData: content.noData ?? 'keep',
    worsenBy: content.worsenBy ?? WORSEN_BY_DEFAULT,
    notification: content.notification ?? null,
  };
}

type StoredSettings = Pick<z.output<typeof alertRuleDefinedData>, keyof RuleSettings>;

/** With lists an event may hold. */
export function storedSettings({ notification, ...settings }: RuleSettings): StoredSettings {
  return { ...settings, notification: notification === null ? null : storedPolicy(notification) };
}

export function storedPolicy({ hours, escalation, ...policy }: NotificationPolicy): z.output<typeof notificationPolicyFields> {
  return {
    ...policy,
    hours: hours === null ? null : { ...hours, days: [...hours.days] },
    escalation: escalation === null ? null : { ...escalation, channels: [...escalation.channels] },
  };
}
