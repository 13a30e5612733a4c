import type { Conversation } from '../api/client';

/** What a conversation is called. */
export function conversationTitle({ kind, name }: Pick<Conversation, 'kind' | 'name'>): string {
  switch (kind) {
    case 'channel':
      return `#${name}`;
    case 'direct':
      return name.split(', ').join(' ↔ ');
    case 'chat':
      return 'agent_chat';
    case 'session':
      return sessionTitle(name);
    default:
      return name;
  }
}

/** A session by its agent and the end of its key: agent:bond:subagent:01a1…c2ef is bond · 93c2ef. */
function sessionTitle(key: string): string {
  const [, agent, kind, id] = key.split(':');
  return agent && kind ? `${agent} · ${id ? id.slice(-6) : kind}` : key;
}
