import { useState } from 'react';
import { ActionIcon, Button, Group, Modal, NumberInput, Progress, SegmentedControl, Select, Stack, Table, Text, Tooltip } from '@mantine/core';
import { IconChartBar, IconCoin, IconEdit, IconPlus, IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ok, type Schemas } from '../api/client';
import { q } from '../api/queries';
import { Revealed } from '../text/Revealed';
import { at, elsewhere, useAct } from '../ui/act';
import { limitText, shareOf, spentText } from '../ui/budgets';
import { compact, money, plural, tokensByDay } from '../ui/format';
import { Bars, Card, Empty, Facts, Page, Read, Stat } from '../ui/parts';
import tree from '../ui/tree.module.css';
import home from './home.module.css';

type Day = Schemas['DayView'];
type Roots = Schemas['RootBounds'];
const changes = [['budgets']];
const set = (body: Schemas['SetBudgetsRequest']) => ok(api.PUT('/api/v1/budgets', { body }));

export default function Budgets() {
  const budgets = useQuery(q.budgets);
  const me = useQuery(q.me).data;
  const spend = useQuery(q.spend('day', 14)).data;
  const [editing, setEditing] = useState<Day>();
  const mayEdit = me !== undefined && me.role !== 'member';
  const whole = budgets.data?.days.find(({ scope }) => scope === 'organization') ?? { scope: 'organization' };
  return (
    <Page
      title="Budgets" lead="What agents may use on a day and in one chain, and what they have used today (UTC)."
      actions={mayEdit && <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing({ scope: 'agent' })}>Set a limit</Button>}
    >
      <div className={home.stats}>
        <Stat label="Spent today" icon={IconCoin} value={money(whole.cost ?? 0)} note={whole.max_cost ? `of ${money(whole.max_cost)} for the organization` : 'no limit in money'}>
          {whole.max_cost ? <Share day={whole} of="cost" /> : null}
        </Stat>
        <Stat label="Tokens today" value={compact(Number(whole.tokens ?? 0))} note={whole.max_tokens ? `of ${compact(Number(whole.max_tokens))} for the organization` : 'no limit in tokens'}>
          {whole.max_tokens ? <Share day={whole} of="tokens" /> : null}
        </Stat>
        <Stat label="Last two weeks" icon={IconChartBar} value={money(spend?.cost ?? 0)} note={`${compact(Number(spend?.tokens ?? 0))} tokens`}>
          <div style={{ marginTop: 6 }}><Bars counts={tokensByDay(spend, new Date())} height={30} label="Tokens a day, last two weeks" /></div>
        </Stat>
      </div>
      <div className={home.columns}>
        <div className={home.stack}>
          <Card title="Limits of a day" icon={IconCoin} flush>
            <Read from={budgets}>
              {({ days }) => days.length === 0 ? (
                <Empty icon={IconCoin} title="Nothing was used today, and nothing is limited" command="parley budget set --day --cost 5">A limit of a day ends the turns of whoever has met it until midnight UTC. Set one for everybody:</Empty>
              ) : <Days days={days} edit={mayEdit ? setEditing : undefined} />}
            </Read>
          </Card>
          <Uses />
        </div>
        <div className={home.stack}>
          <Card title="Bounds of every new chain" icon={IconRoute}>
            <Read from={budgets}>{({ root }) => <Bounds root={root} mayEdit={mayEdit} />}</Read>
          </Card>
        </div>
      </div>
      <Modal opened={editing !== undefined} onClose={() => setEditing(undefined)} title={<b>{editing?.target || editing?.scope === 'organization' ? `The day of ${nameOf(editing)}` : 'Set a limit of a day'}</b>}>
        {editing && <EditDay day={editing} days={budgets.data?.days ?? []} done={() => setEditing(undefined)} />}
      </Modal>
    </Page>
  );
}

const nameOf = ({ scope, target }: Day) => (scope === 'organization' ? 'the organization' : `${scope} ${target ?? ''}`);

function Share({ day, of }: { day: Day; of: 'cost' | 'tokens' }) {
  const share = shareOf(day, of);
  return <Progress mt={10} size="sm" color={share >= 1 ? 'red' : share > 0.8 ? 'orange' : undefined} value={Math.min(100, share * 100)} aria-label={`${Math.round(share * 100)}% of the limit of the day`} />;
}

function Days({ days, edit }: { days: Day[]; edit?: (day: Day) => void }) {
  return (
    <div className={tree.scroll} tabIndex={0}>
      <Table className={tree.table}>
        <Table.Thead><Table.Tr><Table.Th>Whose</Table.Th><Table.Th>Money</Table.Th><Table.Th>Tokens</Table.Th><Table.Th aria-label="Actions" /></Table.Tr></Table.Thead>
        <Table.Tbody>
          {days.map((day) => (
            <Table.Tr key={`${day.scope} ${day.target ?? ''}`}>
              <Table.Td>{day.scope === 'agent' && day.target ? <Link to="/agents/$name" params={{ name: day.target }} className={tree.link}>{day.target}</Link> : <b>{day.scope === 'organization' ? 'Everybody' : <Revealed text={day.target ?? ''} />}</b>}<Text size="xs" c="dimmed">{day.scope}</Text></Table.Td>
              <Table.Td className={tree.number} miw={84}>{spentText(day, 'cost')}{day.max_cost ? <Share day={day} of="cost" /> : null}</Table.Td>
              <Table.Td className={tree.number} miw={84}>{spentText(day, 'tokens')}{day.max_tokens ? <Share day={day} of="tokens" /> : null}</Table.Td>
              <Table.Td ta="end">{edit && <Tooltip label="Change the limit"><ActionIcon variant="subtle" onClick={() => edit(day)} aria-label={`Change the limit of ${nameOf(day)}`}><IconEdit size={17} /></ActionIcon></Tooltip>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const amount = (value: number | string) => (value === '' ? undefined : Number(value));

/** A limit is set only after it was shown what changes. */
function EditDay({ day, days, done }: { day: Day; days: Day[]; done: () => void }) {
  const agents = useQuery(q.agents).data ?? [];
  const projects = useQuery(q.projects).data ?? [];
  const [scope, setScope] = useState(day.scope);
  const [target, setTarget] = useState<string | null>(day.target ?? null);
  const [cost, setCost] = useState<number | string>(day.max_cost ?? '');
  const [tokens, setTokens] = useState<number | string>(day.max_tokens ?? '');
  const [asking, setAsking] = useState(false);
  const fixed = day.scope === 'organization' || day.target !== undefined && day.target !== null;
  const whose = { scope, target: scope === 'organization' ? undefined : (target ?? undefined) };
  const before = days.find((one) => one.scope === scope && (scope === 'organization' || one.target === target)) ?? { scope };
  const after = { ...before, max_cost: amount(cost), max_tokens: amount(tokens) };
  const save = useAct(() => set({ day: { ...whose, max_cost: amount(cost), max_tokens: amount(tokens) } }), {
    changes, quiet: true, done, undo: () => ({ said: `The day of ${nameOf(whose)}: ${limitText(after)}.`, back: () => set({ day: { ...whose, max_cost: before.max_cost, max_tokens: before.max_tokens } }) }),
  });
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); if (asking) save.mutate(); else setAsking(true); }}>
      <Stack gap="sm">
        {!fixed && (
          <>
            <SegmentedControl aria-label="Whose day" value={scope} onChange={(next) => { setScope(next); setTarget(null); setAsking(false); }} data={[{ value: 'agent', label: 'An agent' }, { value: 'project', label: 'A project' }, { value: 'organization', label: 'Everybody' }]} />
            {scope !== 'organization' && <Select label={scope === 'agent' ? 'Agent' : 'Project'} placeholder="Choose" searchable data={(scope === 'agent' ? agents : projects).map(({ name }) => name)} value={target} onChange={(next) => { setTarget(next); setAsking(false); }} error={at(save.error, 'target')} data-autofocus />}
          </>
        )}
        <NumberInput label="US dollars a day" description="Empty: no limit" prefix="$" decimalScale={4} value={cost} onChange={(value) => { setCost(value); setAsking(false); }} error={at(save.error, 'max_cost')} data-autofocus={fixed || undefined} />
        <NumberInput label="Tokens a day" description="Empty: no limit" thousandSeparator="," allowDecimal={false} value={tokens} onChange={(value) => { setTokens(value); setAsking(false); }} error={at(save.error, 'max_tokens')} />
        {asking && (
          <Text size="sm" role="status">
            {nameOf(whose)}: from <b>{limitText(before)}</b> to <b>{limitText(after)}</b>.{shareOf(after) >= 1 ? ' That is used up already: its turns end at once, until midnight UTC.' : ''}
          </Text>
        )}
        {elsewhere(save.error, 'target', 'max_cost', 'max_tokens') && <Text size="sm" c="red" role="alert">{elsewhere(save.error, 'target', 'max_cost', 'max_tokens')}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>Cancel</Button>
          <Button type="submit" loading={save.isPending} disabled={scope !== 'organization' && !target}>{asking ? 'Yes, set it' : 'Set the limit'}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Bounds({ root, mayEdit }: { root: Roots; mayEdit: boolean }) {
  const [editing, setEditing] = useState(false);
  return (
    <>
      <Facts facts={[['Depth', `at most ${root.max_depth}`], ['Turns', `at most ${root.max_turns}`], ['Tokens', root.max_tokens ? `at most ${compact(Number(root.max_tokens))}` : 'no limit'], ['Money', root.max_cost ? `at most ${money(root.max_cost)}` : 'no limit']]} />
      <Text size="xs" c="dimmed" mt="sm">Counted together over messages, channels, meetings, sub-agents, MCP and A2A below one <Link to="/roots">root</Link>. A chain that has begun keeps its bounds.</Text>
      {mayEdit && <Button mt="sm" size="xs" variant="default" leftSection={<IconEdit size={15} />} onClick={() => setEditing(true)}>Change</Button>}
      <Modal opened={editing} onClose={() => setEditing(false)} title={<b>Bounds of every new chain</b>}><EditBounds root={root} done={() => setEditing(false)} /></Modal>
    </>
  );
}

function EditBounds({ root, done }: { root: Roots; done: () => void }) {
  const [wanted, setWanted] = useState<Record<'depth' | 'turns' | 'tokens' | 'cost', number | string>>({ depth: root.max_depth ?? 4, turns: root.max_turns ?? 50, tokens: root.max_tokens ?? '', cost: root.max_cost ?? '' });
  const [asking, setAsking] = useState(false);
  const change = (part: Partial<typeof wanted>) => { setWanted({ ...wanted, ...part }); setAsking(false); };
  const bounds = { max_depth: amount(wanted.depth), max_turns: amount(wanted.turns), max_tokens: amount(wanted.tokens), max_cost: amount(wanted.cost) };
  const save = useAct(() => set({ root: bounds }), { changes, quiet: true, done, undo: () => ({ said: 'New chains have new bounds.', back: () => set({ root }) }) });
  const fields = ['max_depth', 'max_turns', 'max_tokens', 'max_cost'];
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); if (asking) save.mutate(); else setAsking(true); }}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <NumberInput label="Depth" description="agents in a row" allowDecimal={false} value={wanted.depth} onChange={(depth) => change({ depth })} error={at(save.error, 'max_depth')} data-autofocus />
          <NumberInput label="Turns" description="in all" allowDecimal={false} value={wanted.turns} onChange={(turns) => change({ turns })} error={at(save.error, 'max_turns')} />
        </Group>
        <Group grow align="flex-start">
          <NumberInput label="Tokens" description="Empty: no limit" thousandSeparator="," allowDecimal={false} value={wanted.tokens} onChange={(tokens) => change({ tokens })} error={at(save.error, 'max_tokens')} />
          <NumberInput label="US dollars" description="Empty: no limit" prefix="$" decimalScale={4} value={wanted.cost} onChange={(cost) => change({ cost })} error={at(save.error, 'max_cost')} />
        </Group>
        {asking && <Text size="sm" role="status">Every chain that begins from now on: depth <b>{String(wanted.depth)}</b>, <b>{plural(Number(wanted.turns), 'turn')}</b>, {limitText({ scope: 'root', max_cost: bounds.max_cost, max_tokens: bounds.max_tokens })}.{Number(wanted.depth) === 0 || Number(wanted.turns) === 0 ? ' With 0 agents answer nobody’s agents any more.' : ''}</Text>}
        {elsewhere(save.error, ...fields) && <Text size="sm" c="red" role="alert">{elsewhere(save.error, ...fields)}</Text>}
        <Group justify="flex-end"><Button variant="default" onClick={done}>Cancel</Button><Button type="submit" loading={save.isPending}>{asking ? 'Yes, change them' : 'Change the bounds'}</Button></Group>
      </Stack>
    </form>
  );
}

function Uses() {
  const [by, setBy] = useState('agent');
  const spend = useQuery(q.spend(by, 7));
  return (
    <Card title="Where it went, last seven days" icon={IconChartBar} flush actions={<SegmentedControl size="xs" aria-label="Added up by" value={by} onChange={setBy} data={['agent', 'model', 'project']} />}>
      <Read from={spend}>
        {({ lines }) => {
          const most = Math.max(...lines.map(({ usage }) => Number(usage.input) + Number(usage.output)), 1);
          return lines.length === 0 ? <Empty icon={IconChartBar} title="Nothing was used" /> : (
            <div style={{ padding: '6px 18px 14px', display: 'grid', gap: 12 }}>
              {lines.slice(0, 12).map((line) => {
                const tokens = Number(line.usage.input) + Number(line.usage.output);
                return (
                  <div key={line.key}>
                    <Group justify="space-between" gap={8} mb={4} wrap="nowrap"><Text size="sm" truncate>{line.key ? <Revealed text={line.key} /> : 'no project'}</Text><Text size="sm" c="dimmed" style={{ flex: 'none', fontVariantNumeric: 'tabular-nums' }}>{money(line.cost)} · {compact(tokens)} tokens</Text></Group>
                    <Progress size="sm" value={(tokens / most) * 100} aria-label={`${compact(tokens)} tokens`} />
                  </div>
                );
              })}
            </div>
          );
        }}
      </Read>
    </Card>
  );
}
