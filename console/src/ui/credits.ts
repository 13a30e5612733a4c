import type { Link } from '../api/client';

/** The credits of a link as they are at that time: the bucket is full again when its window has passed. */
export function creditsOf(link: Pick<Link, 'credits_remaining' | 'messages_per_window' | 'window_reset_at'>, now: Date): { left: number; of: number; share: number; resetAt: string | null } {
  const reset = link.window_reset_at ? new Date(link.window_reset_at) : null;
  const open = reset !== null && reset > now;
  const of = link.messages_per_window;
  const left = open ? Math.max(0, link.credits_remaining) : of;
  return { left, of, share: of > 0 ? Math.min(1, left / of) : 0, resetAt: open && left < of ? link.window_reset_at! : null };
}

/** The other agent of a link. */
export const peerOf = (link: Pick<Link, 'agent' | 'peer'>, name: string) => (link.agent === name ? link.peer : link.agent);
