import { useState } from 'react';
import { ActionIcon, Badge, Stack, Switch, Table, Text, TextInput, Tooltip } from '@mantine/core';
import { IconBrain, IconDeviceDesktop, IconFlag, IconListDetails, IconLogout, IconSearch, IconAdjustments } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, ok, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { Confirm, tell, useAct } from '../ui/act';
import { Ago, At, Card, Empty, Read, State, Who } from '../ui/parts';
import tree from '../ui/tree.module.css';

export function Browsers() {
  const browsers = useQuery(q.browsers);
  const revoke = useAct((id: string) => ok(api.DELETE('/api/v1/console/sessions/{id}', { params: { path: { id } } })), { changes: [['browsers']], done: () => { setEnding(undefined); tell('That browser is signed out.'); } });
  const [ending, setEnding] = useState<{ id: string; label: string; user: string; current: boolean }>();
  return (
    <Card title="Signed-in browsers" icon={IconDeviceDesktop} flush>
      <Read from={browsers}>
        {(all) => all.length === 0 ? <Empty icon={IconDeviceDesktop} title="No browser is signed in" command="parley console" /> : (
          <div className={tree.scroll} tabIndex={0}>
            <Table className={tree.table}>
              <Table.Thead><Table.Tr><Table.Th>Who</Table.Th><Table.Th>Browser</Table.Th><Table.Th visibleFrom="xs">Since</Table.Th><Table.Th visibleFrom="xs">Until</Table.Th><Table.Th aria-label="Actions" /></Table.Tr></Table.Thead>
              <Table.Tbody>
                {all.map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td><Who name={one.user} kind="user" size={24} showKind={false} /></Table.Td><Table.Td>{one.label} {one.current && <Badge size="xs" color="teal">this one</Badge>}</Table.Td><Table.Td visibleFrom="xs"><Ago at={one.created_at} /></Table.Td><Table.Td visibleFrom="xs"><Ago at={one.expires_at} /></Table.Td>
                    <Table.Td ta="end"><Tooltip label="Sign out"><ActionIcon variant="subtle" color="red" onClick={() => setEnding(one)} aria-label={`Sign out ${one.label} of ${one.user}`}><IconLogout size={17} /></ActionIcon></Tooltip></Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Read>
      <Confirm opened={ending !== undefined} onClose={() => setEnding(undefined)} title={`Sign out ${ending?.label} of ${ending?.user}?`} action="Sign out" onConfirm={() => ending && revoke.mutate(ending.id)} pending={revoke.isPending}>
        {ending?.current ? 'That is this browser: you need a new link to come back, from parley console.' : 'It is cut off within two seconds, and needs a new link to come back.'}
      </Confirm>
    </Card>
  );
}

const features: [keyof Schemas['FeatureSwitches'], string, string][] = [
  ['peer_messaging', 'Direct messages', 'Linked agents message each other.'], ['meetings', 'Meetings', 'Rooms in which mentions make agents speak.'], ['subagents', 'Sessions', 'Agents and people spawn sessions.'],
  ['a2a', 'A2A', 'Agents of other systems reach agents here.'], ['sql_door', 'SQL', 'Agents read and write agent_chat with a database role (PostgreSQL).'],
];

export function Features() {
  const read = useQuery(q.features);
  const me = useQuery(q.me).data;
  const set = useAct((change: Schemas['FeatureSwitches']) => ok(api.PATCH('/api/v1/features', { body: change })), {
    changes: [['features']],
    undo: (_, change) => ({
      said: Object.entries(change).map(([key, on]) => `${features.find(([name]) => name === key)?.[1] ?? key}: ${on ? 'on' : 'off'}.`).join(' '),
      back: () => ok(api.PATCH('/api/v1/features', { body: Object.fromEntries(Object.entries(change).map(([key, on]) => [key, !on])) })),
    }),
  });
  return (
    <Card title="Features of the organization" icon={IconFlag}>
      <Read from={read}>
        {(on) => (
          <Stack gap="lg">
            {features.map(([key, label, description]) => <Switch key={key} label={label} description={description} checked={on[key] ?? false} disabled={me?.role === 'member' || set.isPending} onChange={(event) => set.mutate({ [key]: event.currentTarget.checked })} />)}
          </Stack>
        )}
      </Read>
    </Card>
  );
}

const price = (value: number | null | undefined) => (value === null || value === undefined ? '–' : `$${value}`);

export function Models() {
  const models = useQuery(q.models);
  return (
    <Read from={models} rows={6}>
      {(providers) => (
        <Stack gap="md">
          {providers.map((provider) => (
            <Card key={provider.name} title={provider.name} icon={IconBrain} flush actions={<State state={provider.state} />}>
              <Text size="sm" c="dimmed" px={18} pb={6}>{provider.address}{provider.address && provider.note && ' · '}{provider.note && <Revealed text={provider.note} />}</Text>
              {provider.models.length > 0 && (
                <div className={tree.scroll} tabIndex={0}>
                  <Table className={tree.table}>
                    <Table.Thead><Table.Tr><Table.Th>Model</Table.Th><Table.Th ta="end">Input</Table.Th><Table.Th ta="end" visibleFrom="xs">Cached</Table.Th><Table.Th ta="end">Output</Table.Th></Table.Tr></Table.Thead>
                    <Table.Tbody>{provider.models.map((model) => <Table.Tr key={model.name}><Table.Td><code>{model.name}</code></Table.Td><Table.Td ta="end">{price(model.input_price)}</Table.Td><Table.Td ta="end" visibleFrom="xs">{price(model.cached_input_price)}</Table.Td><Table.Td ta="end">{price(model.output_price)}</Table.Td></Table.Tr>)}</Table.Tbody>
                  </Table>
                </div>
              )}
            </Card>
          ))}
          <Text size="xs" c="dimmed">Prices are US dollars for a million tokens. A key is set with: parley key set PROVIDER</Text>
        </Stack>
      )}
    </Read>
  );
}

export function Audit() {
  const audit = useQuery(q.audit);
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  return (
    <Card title="Audit log" icon={IconListDetails} flush actions={<TextInput size="xs" leftSection={<IconSearch size={13} />} placeholder="Find" aria-label="Find in the audit log" value={text} onChange={(event) => setText(event.currentTarget.value)} />}>
      <Read from={audit}>
        {(all) => (
          <div className={tree.scroll} tabIndex={0}>
            <Table className={`${tree.table} ${tree.stacked}`}>
              <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>What</Table.Th><Table.Th>Of what</Table.Th><Table.Th>Decision</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {all.filter((entry) => `${entry.actor} ${entry.action} ${entry.target} ${entry.decision}`.toLowerCase().includes(wanted)).map((entry, i) => (
                  <Table.Tr key={i}><Table.Td><At at={entry.at} /></Table.Td><Table.Td>{entry.actor}</Table.Td><Table.Td><code>{entry.action}</code></Table.Td><Table.Td><Revealed text={entry.target} /></Table.Td><Table.Td><State state={entry.decision} /></Table.Td></Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Read>
    </Card>
  );
}

export function Settings() {
  const config = useQuery(q.config);
  return (
    <Card title="Settings" icon={IconAdjustments} flush>
      <Read from={config}>
        {(found) => (
          <>
            <Text size="sm" c="dimmed" px={18} pb="sm">{found.file ? <>Read from <code>{found.file}</code>; what is saved there counts at once where it can.</> : 'This server reads no file.'} Check a file with: parley config check</Text>
            {found.faults.map((fault, i) => <Text key={i} size="sm" c="red" px={18} pb={6}>{fault.source}{fault.line ? `:${fault.line}` : ''} {fault.key} {fault.text} {fault.fix}</Text>)}
            <div className={tree.scroll} tabIndex={0}>
              <Table className={`${tree.table} ${tree.stacked} ${tree.keyed}`}>
                <Table.Thead><Table.Tr><Table.Th>Setting</Table.Th><Table.Th>Value</Table.Th><Table.Th>From</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>{found.settings.map((setting) => <Table.Tr key={setting.key}><Table.Td><code>{setting.key}</code></Table.Td><Table.Td><Revealed text={setting.text} />{setting.next_text && <Text size="xs" c="dimmed">{setting.next_text} from the next start</Text>}</Table.Td><Table.Td><Text size="sm" c="dimmed">{setting.from}{setting.line ? `, line ${setting.line}` : ''}</Text></Table.Td></Table.Tr>)}</Table.Tbody>
              </Table>
            </div>
          </>
        )}
      </Read>
    </Card>
  );
}
