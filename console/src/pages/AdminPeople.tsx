import { useState } from 'react';
import { ActionIcon, Alert, Button, Group, Modal, NumberInput, Select, Stack, Table, Text, TextInput, Tooltip } from '@mantine/core';
import { IconKey, IconPlus, IconSend, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { at, Confirm, elsewhere, tell, useAct } from '../ui/act';
import { Ago, Card, Command, Empty, Read, State, Who } from '../ui/parts';
import tree from '../ui/tree.module.css';

export function Users() {
  const users = useQuery(q.users);
  const me = useQuery(q.me).data;
  const [adding, setAdding] = useState(false);
  const [invitation, setInvitation] = useState<{ user: string; url: string; until: string }>();
  const invite = useAct((user: string) => ok(api.POST('/api/v1/console/links', { body: { user } })), { done: (link) => setInvitation({ user: link.user, url: location.origin + link.path, until: link.expires_at }) });
  return (
    <Card title="Users" icon={IconUsers} flush actions={me?.role !== 'member' && <Button size="compact-sm" variant="light" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>Invite somebody</Button>}>
      <Read from={users}>
        {(all) => (
          <div className={tree.scroll} tabIndex={0}>
            <Table className={tree.table}>
              <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Role</Table.Th><Table.Th visibleFrom="xs">Added</Table.Th><Table.Th aria-label="Actions" /></Table.Tr></Table.Thead>
              <Table.Tbody>
                {all.map((user) => (
                  <Table.Tr key={user.id}>
                    <Table.Td><Who name={user.name} kind="user" showKind={false} /></Table.Td><Table.Td>{user.role}</Table.Td><Table.Td visibleFrom="xs"><Ago at={user.created_at} /></Table.Td>
                    <Table.Td ta="end">{me?.role !== 'member' && user.name !== me?.name && <Tooltip label="A link that signs them in once"><ActionIcon variant="subtle" onClick={() => invite.mutate(user.name)} aria-label={`Invite ${user.name}`}><IconSend size={17} /></ActionIcon></Tooltip>}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Read>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<b>Invite somebody</b>}><AddUser done={(user) => { setAdding(false); invite.mutate(user); }} /></Modal>
      <Modal opened={invitation !== undefined} onClose={() => setInvitation(undefined)} title={<b>An invitation for {invitation?.user}</b>} size="lg">
        <Text size="sm" mb="sm">Give {invitation?.user} this link. It signs in one browser, once, {invitation && <Ago at={invitation.until} />} at the latest. It is shown this once.</Text>
        {invitation && <Command>{invitation.url}</Command>}
      </Modal>
    </Card>
  );
}

function AddUser({ done }: { done: (name: string) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('member');
  const add = useAct(() => ok(api.POST('/api/v1/users', { body: { name, role } })), { changes: [['users']], quiet: true, done: (user) => done(user.name) });
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); add.mutate(); }}>
      <Stack gap="sm">
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={at(add.error, 'name')} data-autofocus autoComplete="off" />
        <Select label="Role" description={role === 'admin' ? 'Everything in the organization.' : 'Their own agents; they see what is said.'} data={['member', 'admin']} value={role} onChange={(value) => setRole(value ?? 'member')} allowDeselect={false} error={at(add.error, 'role')} />
        {elsewhere(add.error, 'name', 'role') && <Text size="sm" c="red" role="alert">{elsewhere(add.error, 'name', 'role')}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={add.isPending}>Invite</Button></Group>
      </Stack>
    </form>
  );
}

export function Tokens() {
  const tokens = useQuery(q.tokens);
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<{ id: string; of: string }>();
  const revoke = useAct((id: string) => ok(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })), { changes: [['tokens']], done: () => { setEnding(undefined); tell('The token is revoked.'); } });
  return (
    <Card title="Tokens" icon={IconKey} flush actions={<Button size="compact-sm" variant="light" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>Issue a token</Button>}>
      <Read from={tokens}>
        {(all) => all.length === 0 ? <Empty icon={IconKey} title="No tokens" command="parley token add --agent AGENT" /> : (
          <div className={tree.scroll} tabIndex={0}>
            <Table className={tree.table}>
              <Table.Thead><Table.Tr><Table.Th>Speaks for</Table.Th><Table.Th visibleFrom="sm">Label</Table.Th><Table.Th visibleFrom="sm">Begins</Table.Th><Table.Th visibleFrom="sm">May</Table.Th><Table.Th visibleFrom="sm">Issued</Table.Th><Table.Th>Ends</Table.Th><Table.Th aria-label="Actions" /></Table.Tr></Table.Thead>
              <Table.Tbody>
                {all.map((token) => {
                  const over = Boolean(token.revoked_at) || (token.expires_at !== null && token.expires_at !== undefined && new Date(token.expires_at) < new Date());
                  return (
                    <Table.Tr key={token.id}>
                      <Table.Td><Who name={token.agent ?? token.user ?? '?'} kind={token.agent ? 'agent' : 'user'} size={24} /></Table.Td><Table.Td visibleFrom="sm"><Revealed text={token.label} /></Table.Td><Table.Td visibleFrom="sm"><code>{token.prefix}…</code></Table.Td><Table.Td visibleFrom="sm">{token.scopes.join(', ')}</Table.Td>
                      <Table.Td visibleFrom="sm"><Ago at={token.created_at} /></Table.Td><Table.Td>{token.revoked_at ? <State state="revoked" /> : token.expires_at ? <Ago at={token.expires_at} /> : 'never'}</Table.Td>
                      <Table.Td ta="end">{!over && <Tooltip label="Revoke"><ActionIcon variant="subtle" color="red" onClick={() => setEnding({ id: token.id, of: token.agent ?? token.user ?? '' })} aria-label={`Revoke the token of ${token.agent ?? token.user}`}><IconTrash size={17} /></ActionIcon></Tooltip>}</Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Read>
      <Confirm opened={ending !== undefined} onClose={() => setEnding(undefined)} title={`Revoke this token of ${ending?.of}?`} action="Revoke" onConfirm={() => ending && revoke.mutate(ending.id)} pending={revoke.isPending}>What uses it is cut off within two seconds. This cannot be undone.</Confirm>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<b>Issue a token</b>}><IssueToken /></Modal>
    </Card>
  );
}

function IssueToken() {
  const agents = useQuery(q.agents).data ?? [];
  const [agent, setAgent] = useState<string | null>(null);
  const [label, setLabel] = useState('');
  const [days, setDays] = useState<number | string>(365);
  const issue = useAct(() => ok(api.POST('/api/v1/tokens', { body: { agent, label: label || undefined, expires_in_days: Number(days) } })), { changes: [['tokens']], quiet: true });
  if (issue.data) {
    return (
      <Stack gap="sm">
        <Alert color="teal" title={`A token of ${issue.data.token.agent}`}>It is shown this once.</Alert>
        <Command>{issue.data.secret}</Command>
      </Stack>
    );
  }
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); issue.mutate(); }}>
      <Stack gap="sm">
        <Select label="Agent" data={agents.map(({ name }) => name)} value={agent} onChange={setAgent} searchable error={at(issue.error, 'agent')} data-autofocus />
        <TextInput label="Label" placeholder="laptop" value={label} onChange={(event) => setLabel(event.currentTarget.value)} error={at(issue.error, 'label')} />
        <NumberInput label="Ends after days" value={days} onChange={setDays} error={at(issue.error, 'expires_in_days')} />
        {elsewhere(issue.error, 'agent', 'label', 'expires_in_days') && <Text size="sm" c="red" role="alert">{elsewhere(issue.error, 'agent', 'label', 'expires_in_days')}</Text>}
        <Group justify="flex-end"><Button type="submit" loading={issue.isPending} disabled={!agent}>Issue</Button></Group>
      </Stack>
    </form>
  );
}
