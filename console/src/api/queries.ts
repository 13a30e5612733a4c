import { queryOptions } from '@tanstack/react-query';
import { api, ok } from './client';

const often = 5_000;
const seldom = 20_000;

/** What the pages read. The first part of a key names the kind of thing, by which it is refreshed. */
export const q = {
  me: queryOptions({ queryKey: ['me'], queryFn: () => ok(api.GET('/api/v1/me')), staleTime: Infinity }),
  server: queryOptions({ queryKey: ['server'], queryFn: () => ok(api.GET('/api/v1/server')), refetchInterval: seldom }),
  agents: queryOptions({ queryKey: ['agents'], queryFn: async () => (await ok(api.GET('/api/v1/agents'))).items, refetchInterval: seldom }),
  agent: (name: string) => queryOptions({ queryKey: ['agents', name], queryFn: () => ok(api.GET('/api/v1/agents/{name}', { params: { path: { name } } })) }),
  hosting: (name: string) => queryOptions({ queryKey: ['hosting', name], queryFn: () => ok(api.GET('/api/v1/agents/{name}/host', { params: { path: { name } } })), retry: false }),
  doors: (name: string) => queryOptions({ queryKey: ['agents', name, 'doors'], queryFn: async () => (await ok(api.GET('/api/v1/agents/{name}/doors', { params: { path: { name } } }))).items, refetchInterval: often }),
  persona: (name: string) => queryOptions({ queryKey: ['persona', name], queryFn: async () => (await ok(api.GET('/api/v1/agents/{name}/persona', { params: { path: { name } } }))).items, retry: false }),
  nodes: queryOptions({ queryKey: ['nodes'], queryFn: async () => (await ok(api.GET('/api/v1/nodes'))).items, refetchInterval: often, retry: false }),
  permissions: queryOptions({ queryKey: ['permissions'], queryFn: async () => (await ok(api.GET('/api/v1/permissions'))).items, refetchInterval: often }),
  links: (agent?: string) => queryOptions({ queryKey: ['links', agent ?? ''], queryFn: async () => (await ok(api.GET('/api/v1/links', { params: { query: { agent } } }))).items, refetchInterval: seldom }),
  conversations: queryOptions({ queryKey: ['conversations'], queryFn: async () => (await ok(api.GET('/api/v1/conversations', { params: { query: { limit: 500 } } }))).items, refetchInterval: seldom }),
  projects: queryOptions({ queryKey: ['projects'], queryFn: async () => (await ok(api.GET('/api/v1/projects'))).items }),
  channels: (project: string) => queryOptions({ queryKey: ['channels', project], queryFn: async () => (await ok(api.GET('/api/v1/projects/{project}/channels', { params: { path: { project } } }))).items }),
  message: (id: string) => queryOptions({ queryKey: ['message', id], queryFn: () => ok(api.GET('/api/v1/messages/{id}', { params: { path: { id } } })) }),
  deliveries: (id: string) => queryOptions({ queryKey: ['deliveries', id], queryFn: () => ok(api.GET('/api/v1/messages/{id}/deliveries', { params: { path: { id } } })), refetchInterval: 2_000 }),
  sessions: (filter: { active?: boolean; agent?: string }) =>
    queryOptions({ queryKey: ['sessions', filter], queryFn: async () => (await ok(api.GET('/api/v1/sessions', { params: { query: { ...filter, limit: 200 } } }))).items, refetchInterval: often }),
  session: (id: string) => queryOptions({ queryKey: ['session', id], queryFn: () => ok(api.GET('/api/v1/sessions/{session}', { params: { path: { session: id } } })), refetchInterval: often }),
  sessionLog: (id: string) => queryOptions({ queryKey: ['session', id, 'log'], queryFn: () => ok(api.GET('/api/v1/sessions/{session}/log', { params: { path: { session: id } } })), refetchInterval: often }),
  sessionStats: queryOptions({ queryKey: ['sessions', 'stats'], queryFn: () => ok(api.GET('/api/v1/sessions/stats', { params: { query: { days: 7 } } })), refetchInterval: seldom }),
  budgets: queryOptions({ queryKey: ['budgets'], queryFn: () => ok(api.GET('/api/v1/budgets')), refetchInterval: seldom }),
  spend: (by: string, days: number, agent?: string) =>
    queryOptions({ queryKey: ['spend', by, days, agent ?? ''], queryFn: () => ok(api.GET('/api/v1/spend', { params: { query: { by, days, agent } } })), refetchInterval: seldom }),
  rate: queryOptions({ queryKey: ['rate'], queryFn: () => ok(api.GET('/api/v1/console/rate')), refetchInterval: often }),
  turns: queryOptions({ queryKey: ['turns'], queryFn: async () => (await ok(api.GET('/api/v1/console/turns'))).items, refetchInterval: often }),
  holds: queryOptions({ queryKey: ['holds'], queryFn: async () => (await ok(api.GET('/api/v1/holds'))).items, refetchInterval: often }),
  holdRules: queryOptions({ queryKey: ['holds', 'rules'], queryFn: () => ok(api.GET('/api/v1/holds/rules')) }),
  attention: queryOptions({ queryKey: ['attention'], queryFn: async () => (await ok(api.GET('/api/v1/attention'))).items, refetchInterval: often }),
  obligations: queryOptions({ queryKey: ['obligations'], queryFn: async () => (await ok(api.GET('/api/v1/obligations'))).items, refetchInterval: seldom }),
  dead: queryOptions({ queryKey: ['dead'], queryFn: async () => (await ok(api.GET('/api/v1/dead'))).items, refetchInterval: seldom }),
  halts: queryOptions({ queryKey: ['halts'], queryFn: async () => (await ok(api.GET('/api/v1/halts'))).items, refetchInterval: often }),
  meetings: queryOptions({ queryKey: ['meetings'], queryFn: async () => (await ok(api.GET('/api/v1/meetings'))).items, refetchInterval: seldom }),
  meeting: (name: string) => queryOptions({ queryKey: ['meetings', name], queryFn: () => ok(api.GET('/api/v1/meetings/{meeting}', { params: { path: { meeting: name } } })) }),
  meetingStats: (name: string) => queryOptions({ queryKey: ['meetings', name, 'stats'], queryFn: () => ok(api.GET('/api/v1/meetings/{meeting}/stats', { params: { path: { meeting: name } } })) }),
  templates: queryOptions({ queryKey: ['templates'], queryFn: async () => (await ok(api.GET('/api/v1/meeting-templates'))).items }),
  roots: queryOptions({ queryKey: ['roots'], queryFn: async () => (await ok(api.GET('/api/v1/roots', { params: { query: { limit: 100 } } }))).items, refetchInterval: seldom }),
  root: (id: string) => queryOptions({ queryKey: ['root', id], queryFn: () => ok(api.GET('/api/v1/roots/{id}', { params: { path: { id } } })), refetchInterval: often }),
  schedules: queryOptions({ queryKey: ['schedules'], queryFn: async () => (await ok(api.GET('/api/v1/schedules'))).items, refetchInterval: seldom }),
  schedule: (name: string) => queryOptions({ queryKey: ['schedules', name], queryFn: () => ok(api.GET('/api/v1/schedules/{schedule}', { params: { path: { schedule: name } } })) }),
  firings: (name: string) => queryOptions({ queryKey: ['schedules', name, 'history'], queryFn: async () => (await ok(api.GET('/api/v1/schedules/{schedule}/history', { params: { path: { schedule: name }, query: { limit: 50 } } }))).items, refetchInterval: often }),
  users: queryOptions({ queryKey: ['users'], queryFn: async () => (await ok(api.GET('/api/v1/users'))).items }),
  tokens: queryOptions({ queryKey: ['tokens'], queryFn: async () => (await ok(api.GET('/api/v1/tokens'))).items }),
  browsers: queryOptions({ queryKey: ['browsers'], queryFn: async () => (await ok(api.GET('/api/v1/console/sessions'))).items }),
  features: queryOptions({ queryKey: ['features'], queryFn: () => ok(api.GET('/api/v1/features')) }),
  models: queryOptions({ queryKey: ['models'], queryFn: async () => (await ok(api.GET('/api/v1/models'))).items, staleTime: 60_000 }),
  audit: queryOptions({ queryKey: ['audit'], queryFn: async () => (await ok(api.GET('/api/v1/audit', { params: { query: { limit: 200 } } }))).items }),
  config: queryOptions({ queryKey: ['config'], queryFn: () => ok(api.GET('/api/v1/config')) }),
};
