import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Message = Schemas['MessageView'];
export type Agent = Schemas['AgentView'];
export type Link = Schemas['LinkView'];
export type Session = Schemas['SessionView'];
export type Conversation = Schemas['ConversationView'];
export type Meeting = Schemas['MeetingView'];
export type Schedule = Schemas['ScheduleView'];
export type Root = Schemas['RootView'];

/** A refusal as the server says it: what is wrong, what to do, and at which field. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fix: string,
    readonly field?: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

const unreachable = new Refusal(0, 'unreachable', 'The server cannot be reached.', 'Is it running? Start it with: parley up');

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });

api.use({
  onError: () => unreachable,
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a successful answer; throws a Refusal for any other. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = (typeof error === 'object' && error !== null ? error : {}) as { code?: string; title?: string; fix?: string; field?: string; retry_after?: number };
  throw new Refusal(
    response.status,
    problem.code ?? 'internal',
    problem.title ?? `The server answered ${response.status}.`,
    problem.fix ?? 'Try again; look in the server’s log.',
    problem.field ?? undefined,
    problem.retry_after ?? undefined,
  );
}
