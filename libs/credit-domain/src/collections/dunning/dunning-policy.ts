import type { Refused } from '../../refusals';
import type { MinorMoney } from '../limits';
import { parseTemplate, type TemplateFault } from './template';

export const DUNNING_CHANNELS = ['letter', 'email'] as const;
export type DunningChannel = (typeof DUNNING_CHANNELS)[number];

export interface DunningLevel {
  /** 1 for the first, then one more each. */
  readonly level: number;
  /** An item is past due by at least so many days, counted from its own due date. */
  readonly daysPastDue: number;
  /** Days since the former level of the item was sent; meaningless on the first. */
  readonly waitDays: number;
  /** The items of one letter come to at least this; null = any amount. */
  readonly minimumAmount: MinorMoney | null;
  readonly channel: DunningChannel;
  readonly subject: string;
  readonly body: string;
  /** Told to the debtor with the letter and kept as a fact of its own; null = none. */
  readonly fee: MinorMoney | null;
}

export interface DunningPolicyContent {
  readonly name: string;
  readonly appliesTo: {
    /** Null = every segment. */
    readonly segments: readonly string[] | null;
    /** Null = every kind. */
    readonly kinds: readonly string[] | null;
    /** Items that owe less are left alone; null = none are. */
    readonly minimumAmount: MinorMoney | null;
  };
  readonly levels: readonly DunningLevel[];
}

export interface PolicyFaultAt extends Refused {
  /** JSON pointer into the policy. */
  readonly pointer: string;
}

/**
 * What is wrong with a policy, the first fault of each level: levels count from 1, each later one asks for more days past due and waits at
 * least a day, and every text parses.
 */
export function dunningPolicyFaults({ levels }: DunningPolicyContent): PolicyFaultAt[] {
  const faults: PolicyFaultAt[] = [];
  levels.forEach((level, index) => {
    const at = `/levels/${String(index)}`;
    const former = levels[index - 1];
    const invalid = (name: string, detail: string): void => {
      faults.push({ code: 'dunning-policy-invalid', detail, field: `levels[${String(index)}].${name}`, pointer: `${at}/${name}` });
    };
    if (level.level !== index + 1) invalid('level', `Levels count 1, 2, 3 …: this one is ${String(index + 1)}.`);
    if (former !== undefined && level.daysPastDue <= former.daysPastDue) {
      invalid('daysPastDue', `A later level asks for more days past due than the one before it (${String(former.daysPastDue)}).`);
    }
    if (former !== undefined && level.waitDays < 1)
      invalid('waitDays', 'A later level waits at least one day after the one before it was sent.');
    for (const place of ['subject', 'body'] as const) {
      const parsed = parseTemplate(level[place], place);
      if (!parsed.ok) faults.push(templateFault(parsed.fault, `levels[${String(index)}].${place}`, `${at}/${place}`));
    }
  });
  return faults;
}

const PROBLEMS: Readonly<Record<TemplateFault['problem'], (field: string) => string>> = {
  'unknown-field': (field) => `there is no merge field "${field}"`,
  unclosed: () => '"{{" is not closed by "}}"',
  unopened: () => '"}}" was not opened by "{{"',
  'field-not-allowed': (field) => `"${field}" has several lines and cannot stand in a subject`,
  'control-character': () => 'a control character or line break cannot stand here',
};

function templateFault({ position, problem, field }: TemplateFault, name: string, pointer: string): PolicyFaultAt {
  const detail = `At character ${String(position + 1)}: ${PROBLEMS[problem](field ?? '')}.`;
  return { code: 'template-invalid', detail, field: name, pointer };
}
