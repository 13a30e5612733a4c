import type { Schemas } from '../api/client';
import { compact, money } from './format';

type Day = Pick<Schemas['DayView'], 'scope' | 'cost' | 'tokens' | 'max_cost' | 'max_tokens'>;

/** How much of a limit is used, from 0 on; 0 where there is none. Without a kind the one that is nearer to its end. */
export function shareOf(day: Day, of?: 'cost' | 'tokens'): number {
  if (!of) return Math.max(shareOf(day, 'cost'), shareOf(day, 'tokens'));
  const [used, most] = of === 'cost' ? [day.cost, day.max_cost] : [day.tokens, day.max_tokens];
  return most === undefined || most === null ? 0 : Number(most) === 0 ? 1 : Number(used ?? 0) / Number(most);
}

/** A limit in words. */
export function limitText({ max_cost: cost, max_tokens: tokens }: Day): string {
  const parts = [cost === undefined || cost === null ? [] : [money(cost)], tokens === undefined || tokens === null ? [] : [`${compact(Number(tokens))} tokens`]].flat();
  return parts.length === 0 ? 'no limit' : `at most ${parts.join(' and ')}`;
}

/** What was used, and of how much. */
export function spentText(day: Day, of: 'cost' | 'tokens'): string {
  const [used, most] = of === 'cost' ? [money(day.cost ?? 0), day.max_cost === undefined || day.max_cost === null ? null : money(day.max_cost)] : [compact(Number(day.tokens ?? 0)), day.max_tokens === undefined || day.max_tokens === null ? null : compact(Number(day.max_tokens))];
  return most === null ? used : `${used} of ${most}`;
}
